//! DOCX (ECMA-376, transitional), written by hand: ten small parts in an archive whose entries have no time.

mod body;
mod closing;
mod head;
mod parts;
mod xml;

use std::io::{Cursor, Write as _};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Document;
use body::Body;

/// The document as a DOCX file. The same document gives the same bytes.
///
/// # Errors
///
/// A document that is too large for an archive.
pub fn docx(document: &Document) -> Result<Vec<u8>, DocxError> {
    let mut body = Body::new(document);
    body.whole();
    let (stamps, layout) = (&document.stamps, &document.layout);
    let mut files = vec![
        ("[Content_Types].xml".to_owned(), parts::content_types().into_bytes()),
        ("_rels/.rels".to_owned(), parts::PACKAGE.as_bytes().to_vec()),
        ("docProps/core.xml".to_owned(), parts::core(document).into_bytes()),
        ("word/document.xml".to_owned(), parts::document(&body.xml).into_bytes()),
        ("word/_rels/document.xml.rels".to_owned(), parts::relations(&body).into_bytes()),
        ("word/styles.xml".to_owned(), parts::styles(document).into_bytes()),
        ("word/settings.xml".to_owned(), parts::settings().into_bytes()),
        ("word/header1.xml".to_owned(), parts::header(layout, stamps, true).into_bytes()),
        ("word/header2.xml".to_owned(), parts::header(layout, stamps, false).into_bytes()),
    ];
    for (index, image) in body.images.iter().enumerate() {
        files.push((format!("word/media/image{}.png", index + 1), image.clone()));
    }
    pack(&files).map_err(DocxError::Archive)
}

fn pack(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // 1980-01-01, the first day that an archive knows.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, bytes) in files {
        archive.start_file(name.as_str(), options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// A DOCX file that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DocxError {
    /// The archive could not be written.
    #[error("the archive cannot be written")]
    Archive(#[source] ZipError),
}
