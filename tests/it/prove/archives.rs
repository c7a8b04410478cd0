//! Archives by tar, gzip, zstd and zip; damaged ones, and hostile ones.

use std::fs;
use std::path::{Path, PathBuf};

use super::{cut, data, desk, flip, prove, refused, says, seal, sh, text};
use crate::desk::Desk;

const KINDS: [&str; 4] = ["tar", "tar.gz", "tar.zst", "zip"];

/// An archive of the data, by the program that people use.
fn archive(desk: &Desk, kind: &str) -> PathBuf {
    let root = desk.root();
    data(&root);
    let file = root.join(format!("night.{kind}"));
    let make = match kind {
        "tar" => "tar -cf night.tar -C data .",
        "tar.gz" => "tar -czf night.tar.gz data",
        "tar.zst" => "tar --zstd -cf night.tar.zst data",
        _ => "cd data && zip -qry ../night.zip .",
    };
    sh(&root, make);
    file
}

/// An archive that Python makes: `body` gets `t`, an open tar, and `add(name, data=b'', **fields)`.
fn made(desk: &Desk, body: &str) -> PathBuf {
    let script = format!(
        "import io, tarfile\nt = tarfile.open('made.tar', 'w')\n\
         def add(name, data=b'', **fields):\n    i = tarfile.TarInfo(name)\n    i.size = len(data)\n    \
         for k, v in fields.items(): setattr(i, k, v)\n    t.addfile(i, io.BytesIO(data))\n{body}\nt.close()\n"
    );
    desk.write("make.py", &script);
    sh(&desk.root(), "python3 make.py");
    desk.root().join("made.tar")
}

#[test]
fn a_good_archive_of_each_kind_is_proved_and_read_as_a_stream() {
    for kind in KINDS {
        let desk = desk();
        let file = archive(&desk, kind);
        seal(&desk, &file);
        let seen = prove(&desk, &["--path", text(&file)]);
        says(&seen, 0, "holds", "yes", &[]);
        assert_eq!((seen.1["kind"].as_str(), seen.1["files"].as_u64()), (Some(kind), Some(3)), "{kind}");
        assert_eq!(seen.1["integrity_by"][0], "seal");
        let seen = prove(&desk, &["--path", text(&file), "--no-disk"]);
        says(&seen, 1, "holds", "not-tried", &[]);
    }
}

#[test]
fn without_a_seal_an_archive_holds_by_its_own_checksums_where_it_has_any() {
    for (kind, code, integrity) in
        [("tar", 1, "unknown"), ("tar.gz", 0, "holds"), ("tar.zst", 0, "holds"), ("zip", 0, "holds")]
    {
        let desk = desk();
        let file = archive(&desk, kind);
        says(&prove(&desk, &["--path", text(&file)]), code, integrity, "yes", &[]);
    }
    let desk = desk();
    archive(&desk, "tar");
    sh(&desk.root(), "zstd -q --no-check night.tar -o plain.tar.zst");
    let seen = prove(&desk, &["--path", "plain.tar.zst"]);
    says(&seen, 1, "unknown", "yes", &[]);
}

#[test]
fn one_flipped_byte_anywhere_is_noticed() {
    for kind in KINDS {
        let desk = desk();
        let file = archive(&desk, kind);
        let size = usize::try_from(fs::metadata(&file).expect("a file").len()).expect("a size");
        let sealed = seal(&desk, &file);
        for at in [size / 7, size / 2, size * 3 / 4] {
            flip(&file, at);
            // By its first bytes alone its kind may not be told any more.
            let seen = prove(&desk, &["--path", text(&file), "--kind", kind]);
            assert_eq!((seen.0, seen.1["integrity"].as_str()), (1, Some("fails")), "{kind} {at}: {:#}", seen.1);
            flip(&file, at);
        }
        fs::remove_dir_all(&sealed).expect("it is there");
        if kind != "tar" {
            flip(&file, size / 2);
            let seen = prove(&desk, &["--path", text(&file), "--kind", kind]);
            assert_eq!((seen.0, seen.1["integrity"].as_str()), (1, Some("fails")), "{kind}: {:#}", seen.1);
            assert_eq!(seen.1["restorable"], "no");
        }
    }
}

#[test]
fn an_archive_that_was_cut_is_never_whole_wherever_it_was_cut() {
    for kind in KINDS {
        let desk = desk();
        let file = archive(&desk, kind);
        let whole = fs::read(&file).expect("a file");
        for left in [0, 1, 100, 512, 1024, whole.len() / 2, whole.len() - 600, whole.len() - 1] {
            fs::write(&file, &whole[..left]).expect("it can be written");
            let seen = prove(&desk, &["--path", text(&file), "--kind", kind]);
            // The last of the zeros that pad a tar to its block are nothing that it holds.
            let padding = kind == "tar" && whole[left..].iter().all(|byte| *byte == 0);
            if !padding {
                let all = (seen.0, seen.1["integrity"].as_str(), seen.1["restorable"].as_str());
                assert_eq!(all, (1, Some("fails"), Some("no")), "{kind} {left}: {:#}", seen.1);
            }
        }
    }
}

#[test]
fn a_tar_that_ends_between_two_files_is_cut_and_not_short() {
    let desk = desk();
    let file = made(&desk, "add('one', b'x' * 512)\nadd('two', b'y' * 512)");
    let bytes = fs::read(&file).expect("a file");
    fs::write(&file, &bytes[..1024]).expect("it can be written");
    says(&prove(&desk, &["--path", text(&file)]), 1, "fails", "no", &["cut"]);
    // A header that became zeros ends the archive for every reader: what follows is told.
    let mut bytes = bytes;
    bytes[1024..1536].fill(0);
    fs::write(&file, &bytes).expect("it can be written");
    says(&prove(&desk, &["--path", text(&file)]), 1, "fails", "no", &["trailing"]);
}

#[test]
fn the_seal_of_the_tree_finds_what_is_in_the_archive_and_what_is_not() {
    for kind in KINDS {
        for stream in [false, true] {
            let desk = desk();
            let tree = data(&desk.root());
            let sealed = seal(&desk, &tree);
            fs::write(tree.join("numbers"), "other numbers").expect("a file");
            fs::remove_file(tree.join("empty")).expect("it is there");
            fs::write(tree.join("more"), "more").expect("a file");
            let file = desk.root().join(format!("night.{kind}"));
            let make = match kind {
                "tar" => "tar -cf night.tar -C data .",
                "tar.gz" => "tar -czf night.tar.gz data",
                "tar.zst" => "tar --zstd -cf night.tar.zst data",
                _ => "cd data && zip -qry ../night.zip .",
            };
            sh(&desk.root(), make);
            let mut arguments = vec!["--path", text(&file), "--seal", text(&sealed)];
            if stream {
                arguments.push("--no-disk");
            }
            let seen = prove(&desk, &arguments);
            let restorable = if stream { "not-tried" } else { "yes" };
            let mut found: Vec<_> =
                seen.1["findings"].as_array().expect("findings").iter().map(|it| it["path"].as_str()).collect();
            found.retain(|path| *path != Some("current") && *path != Some("hồ sơ") && *path != Some("hồ sơ/2026"));
            assert_eq!(found, [Some("empty"), Some("more"), Some("numbers")], "{kind} {stream}: {:#}", seen.1);
            assert_eq!((seen.0, seen.1["restorable"].as_str()), (1, Some(restorable)));
        }
    }
}

#[test]
fn names_that_lead_out_are_refused_and_nothing_outside_is_written() {
    let desk = desk();
    let victim = desk.root().join("victim");
    let body = format!(
        "add('good', b'good')\nadd('../escaped', b'x')\nadd('a/../../escaped', b'x')\nadd('{}', b'x')",
        victim.display()
    );
    let file = made(&desk, &body);
    says(&prove(&desk, &["--path", text(&file)]), 1, "unknown", "no", &["unsafe-name"; 3]);
    let zip = "import zipfile\nz = zipfile.ZipFile('made.zip', 'w')\nz.writestr('../escaped', 'x')\nz.writestr('good', 'x')\nz.close()\n";
    desk.write("zip.py", zip);
    sh(&desk.root(), "python3 zip.py");
    says(&prove(&desk, &["--path", "made.zip"]), 1, "holds", "no", &["unsafe-name"]);
    assert!(!victim.exists() && sh(&desk.root(), "find .. -name escaped").is_empty());
}

#[test]
fn a_link_is_no_way_out_for_what_comes_after_it() {
    let desk = desk();
    let outside = desk.root().join("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("kept"), "kept").expect("a file");
    let out = text(&outside).to_owned();
    let body = format!(
        "add('way', type=b'2', linkname='{out}')\nadd('way/kept', b'overwritten')\nadd('way/new', b'x')\n\
         add('hard', type=b'1', linkname='{out}/kept')\nadd('hard2', type=b'1', linkname='way/kept')\n\
         add('hard3', type=b'1', linkname='../outside/kept')\nadd('way', b'x')"
    );
    let file = made(&desk, &body);
    let found = ["conflict", "conflict", "unsafe-link", "unsafe-link", "unsafe-link", "duplicate"];
    let seen = prove(&desk, &["--path", text(&file)]);
    says(&seen, 1, "unknown", "no", &found);
    assert_eq!(seen.1["leads_out"], 1);
    assert_eq!(fs::read_to_string(outside.join("kept")).expect("it is there"), "kept");
    assert_eq!(fs::read_dir(&outside).expect("a folder").count(), 1);
}

#[test]
fn devices_doubles_and_files_in_the_way_are_refused() {
    let desk = desk();
    let file = made(
        &desk,
        "add('null', type=b'3', devmajor=1, devminor=3)\nadd('disk', type=b'4', devmajor=8, devminor=0)\n\
         add('pipe', type=b'6')\nadd('a', b'1')\nadd('a', b'2')\nadd('a/b', b'3')\nadd('d', type=b'5')\nadd('d', type=b'5')",
    );
    let seen = prove(&desk, &["--path", text(&file)]);
    says(&seen, 1, "unknown", "no", &["special", "special", "special", "duplicate", "conflict"]);
    assert_eq!(seen.1["left_out"], 3);
    desk.write(
        "twice.py",
        "import zipfile, warnings\nwarnings.simplefilter('ignore')\nz = zipfile.ZipFile('twice.zip', 'w')\n\
         z.writestr('a', '1')\nz.writestr('a', '2')\nz.close()\n",
    );
    sh(&desk.root(), "python3 twice.py");
    says(&prove(&desk, &["--path", "twice.zip"]), 1, "holds", "no", &["duplicate"]);
}

#[test]
fn a_bomb_ends_at_what_was_allowed() {
    let desk = desk();
    sh(
        &desk.root(),
        "mkdir bomb && truncate -s 400M bomb/zeros && tar -czf bomb.tar.gz bomb && tar --zstd -cf bomb.tar.zst bomb && zip -qr bomb.zip bomb",
    );
    for file in ["bomb.tar.gz", "bomb.tar.zst", "bomb.zip"] {
        assert!(fs::metadata(desk.root().join(file)).expect("a file").len() < 8 << 20);
        for stream in [false, true] {
            let mut arguments = vec!["--path", file, "--max-size", "16M"];
            if stream {
                arguments.push("--no-disk");
            }
            let seen = prove(&desk, &arguments);
            says(&seen, 1, "unknown", "no", &["too-big"]);
        }
    }
    // Sizes that are told are not believed either: here 4 bytes are told, and a gigabyte follows.
    let lie = "import struct\nb = bytearray(open('bomb.zip', 'rb').read())\n\
               at = b.index(b'PK\\x01\\x02', b.index(b'zeros'))\nwhile True:\n    n = struct.unpack('<H', b[at+28:at+30])[0]\n    \
               if b[at+46:at+46+n].endswith(b'zeros'): break\n    at = b.index(b'PK\\x01\\x02', at + 4)\n\
               b[at+24:at+28] = struct.pack('<I', 4)\nopen('lie.zip', 'wb').write(b)\n";
    desk.write("lie.py", lie);
    sh(&desk.root(), "python3 lie.py");
    let seen = prove(&desk, &["--path", "lie.zip", "--max-size", "16M"]);
    assert_eq!((seen.0, seen.1["proved"].as_bool()), (1, Some(false)), "{:#}", seen.1);
}

#[test]
fn headers_without_end_do_not_fill_the_memory() {
    let desk = desk();
    // A name of 1 GiB in a header of its own: GNU's long name, type L.
    let script = "import tarfile, gzip\ni = tarfile.TarInfo('././@LongLink')\ni.type = b'L'\ni.size = 1 << 30\n\
                  f = gzip.open('long.tar.gz', 'wb', compresslevel=1)\nf.write(i.tobuf(tarfile.GNU_FORMAT))\n\
                  for _ in range(64): f.write(b'a' * (1 << 24))\nf.close()\n";
    desk.write("long.py", script);
    sh(&desk.root(), "python3 long.py");
    let mut command = desk.command(&["backup", "prove", "--json", "--path", "long.tar.gz", "--kind", "tar.gz"]);
    let output = command.output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("header of an entry is too long"));
}

#[test]
fn an_encrypted_zip_and_a_wrong_kind_say_what_they_are() {
    let desk = desk();
    let file = archive(&desk, "tar");
    sh(&desk.root(), "zip -qr -P geheim secret.zip data");
    let seen = prove(&desk, &["--path", "secret.zip"]);
    assert_eq!((seen.0, seen.1["findings"][0]["kind"].as_str()), (1, Some("encrypted")), "{:#}", seen.1);
    says(&prove(&desk, &["--path", text(&file), "--kind", "tar.gz"]), 1, "fails", "no", &["damaged"]);
    desk.write("notes.txt", "only notes");
    refused(&desk, &["--path", "notes.txt"]).exits(2).says(&["backup-unknown-kind", "--kind"]);
}

/// A small file system; nothing where we may not mount one.
fn small(desk: &Desk) -> Option<Mounted> {
    let place = desk.root().join("scratch");
    fs::create_dir(&place).expect("a folder");
    let mounted =
        std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=2m", "none"]).arg(&place).status();
    mounted.is_ok_and(|status| status.success()).then_some(Mounted(place))
}

struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_says_nothing_of_the_copy() {
    let desk = desk();
    sh(
        &desk.root(),
        "mkdir big && head -c 8M /dev/urandom > big/random && tar -cf big.tar big && tar -czf big.tar.gz big",
    );
    let Some(mounted) = small(&desk) else {
        // Without the right to mount, what is allowed stands for what is there.
        says(&prove(&desk, &["--path", "big.tar", "--max-size", "2M"]), 1, "unknown", "no", &["too-big"]);
        return;
    };
    for file in ["big.tar", "big.tar.gz", "big"] {
        let done = refused(&desk, &["--path", file, "--scratch", "scratch"]).exits(3);
        done.says(&["backup-no-room", "nothing is said of the copy"]);
    }
    assert!(desk.all("backup-proved").is_empty());
    drop(mounted);
}

#[test]
fn a_copy_of_the_inventory_may_be_an_archive_or_a_folder_that_holds_one() {
    let desk = desk();
    let file = archive(&desk, "tar.gz");
    fs::create_dir_all(desk.root().join("copies/night-2")).expect("folders");
    let copy: &Path = &desk.root().join("copies/night-1.tar.gz");
    fs::copy(&file, copy).expect("a copy");
    seal(&desk, copy);
    fs::copy(&file, desk.root().join("copies/night-2/site.tar.gz")).expect("a copy");
    seal(&desk, &desk.root().join("copies/night-2"));
    desk.write(
        "inventory/site.yaml",
        "format: 1\nid: site\nname: Site\nenvironment: drill_target\n\
         backups: [ { id: nightly, kind: tar.gz, path: ./copies, copies: \"night-*\" } ]\n\
         restore: { to: ./live, check: { argv: [grep, -q, \"59999\", data/numbers], effect: observe } }\n",
    );
    for name in ["night-1.tar.gz", "night-2"] {
        let seen = prove(&desk, &["site/nightly", "--copy", name]);
        says(&seen, 0, "holds", "yes", &[]);
        assert_eq!(seen.1["check"], "passed");
    }
    cut(copy, 100);
    let seen = prove(&desk, &["site/nightly", "--copy", "night-1.tar.gz"]);
    assert_eq!((seen.0, seen.1["findings"][0]["kind"].as_str()), (1, Some("truncated")), "{:#}", seen.1);
}
