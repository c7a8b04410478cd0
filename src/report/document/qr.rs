//! QR codes, as cells and as a PNG.

use qrcode::{EcLevel, QrCode};

/// Light cells around a code (ISO/IEC 18004, 9.1).
const QUIET: usize = 4;

/// How many dots of the PNG a cell is wide.
const DOTS: usize = 6;

/// A square of cells; the quiet zone is part of it.
pub(super) struct Cells {
    /// Cells on a side.
    pub(super) side: usize,
    dark: Vec<bool>,
}

impl Cells {
    /// Whether a cell is dark.
    pub(super) fn dark(&self, x: usize, y: usize) -> bool {
        self.dark.get(y * self.side + x).copied().unwrap_or_default()
    }
}

/// The code of `text`; nothing where it is too long for one.
pub(super) fn cells(text: &str) -> Option<Cells> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let inner = code.width();
    let colours = code.to_colors();
    let side = inner + 2 * QUIET;
    let mut dark = vec![false; side * side];
    for (index, colour) in colours.into_iter().enumerate() {
        let (x, y) = (index % inner + QUIET, index / inner + QUIET);
        dark[y * side + x] = colour == qrcode::Color::Dark;
    }
    Some(Cells { side, dark })
}

/// The cells as a PNG with one bit a dot (ISO/IEC 15948).
pub(super) fn png(cells: &Cells) -> Vec<u8> {
    let side = cells.side * DOTS;
    let mut rows = Vec::new();
    for y in 0..side {
        // No filter.
        rows.push(0);
        let mut byte = 0u8;
        for x in 0..side.next_multiple_of(8) {
            let light = x >= side || !cells.dark(x / DOTS, y / DOTS);
            byte = byte << 1 | u8::from(light);
            if x % 8 == 7 {
                rows.push(byte);
            }
        }
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let width = u32::try_from(side).unwrap_or(u32::MAX).to_be_bytes();
    // Width, height, bit depth 1, grey, deflate, the only filter method, not interlaced.
    chunk(&mut file, *b"IHDR", &[&width[..], &width[..], &[1, 0, 0, 0, 0]].concat());
    chunk(&mut file, *b"IDAT", &stored(&rows));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let body = [&kind[..], data].concat();
    let mut crc = u32::MAX;
    for byte in &body {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    file.extend(body);
    file.extend((!crc).to_be_bytes());
}

/// A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4): a few kilobytes, which the archive around packs.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = data.chunks(65_535);
    let last = blocks.len().saturating_sub(1);
    for (index, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(index == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (mut a, mut b) = (1u32, 0u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}
