//! `PROTOCOL.md` is what a client's author reads: it has to name everything that the code says, and nothing else.

use std::{collections::BTreeSet, fs, path::Path};

/// Words in `text` that begin with `prefix` and go on in letters.
fn words(text: &str, prefix: &str) -> BTreeSet<String> {
    let ends = |rest: &str| rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let rests = text.match_indices(prefix).map(|(at, _)| &text[at + prefix.len()..]);
    rests.map(|rest| format!("{prefix}{}", &rest[..ends(rest)])).filter(|word| word != prefix).collect()
}

fn code() -> String {
    let sources = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let files = sources.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn document() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("PROTOCOL.md")).unwrap()
}

#[test]
fn every_method_and_command_is_documented_and_no_other() {
    for prefix in ["remit/", "remit."] {
        let quoted = format!("\"{prefix}");
        let in_code: BTreeSet<_> =
            words(&code(), &quoted).into_iter().map(|word| word[1..].to_owned()).collect();
        assert!(in_code.len() >= 6, "found only {in_code:?}");
        let ticked = format!("`{prefix}");
        let documented: BTreeSet<_> =
            words(&document(), &ticked).into_iter().map(|word| word[1..].to_owned()).collect();
        assert_eq!(in_code, documented);
    }
}

#[test]
fn every_option_of_the_window_is_documented() {
    let document = document();
    for option in ["folder", "threadKey", "role", "specialties", "hostId", "windowId", "leaseSeconds"] {
        assert!(document.contains(&format!("`{option}`")), "{option}");
    }
}
