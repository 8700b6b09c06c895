//! A message that can't be read must not end the session.
//!
//! The transport takes the first message that it can't read for the end of the input. So every message is looked at on
//! its way in, and one that is none is replaced by a request that the server answers as the protocol wants it: with an
//! error of JSON-RPC and the id `null`. What comes behind it is read as ever.

use serde::de::IgnoredAny;
use serde_json::json;
use tower_lsp::jsonrpc::{Error, Request, Response, Result};

/// What stands in for a message that could not be read. No client's word: it has no id that a client could choose.
pub(crate) const UNREADABLE: &str = "$/unreadable";

/// A longer header is none.
const LONGEST_HEAD: usize = 8 * 1024;
/// A longer message is none, and is not waited for.
const LONGEST_BODY: usize = 1 << 30;

const LENGTH: &[u8] = b"Content-Length";
const HEAD_END: &[u8] = b"\r\n\r\n";

#[derive(Default)]
pub(crate) struct Frames {
    held: Vec<u8>,
    /// Between a header that made no sense and the next that does.
    lost: bool,
}

enum Head {
    Unfinished,
    /// Where to look for the next one.
    Senseless(usize),
    Body {
        begins: usize,
        length: usize,
    },
}

impl Frames {
    /// Passes on every message that is complete with these bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(bytes);
        let mut taken = 0;
        while let Some(length) = self.take(&held[taken..], out) {
            taken += length;
        }
        held.drain(..taken);
        self.held = held;
    }

    pub(crate) fn end(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.held);
    }

    /// How many bytes the first message or the nonsense before it has; `None` until it is complete.
    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Option<usize> {
        match head(bytes) {
            Head::Unfinished => None,
            Head::Senseless(next) => {
                if !self.lost {
                    pass(&stand_in(&Error::parse_error()), out);
                }
                self.lost = true;
                Some(next)
            }
            Head::Body { begins, length } => {
                let body = bytes.get(begins..begins + length)?;
                self.lost = false;
                match judge(body) {
                    Ok(()) => pass(body, out),
                    Err(error) => pass(&stand_in(&error), out),
                }
                Some(begins + length)
            }
        }
    }
}

fn head(bytes: &[u8]) -> Head {
    if bytes.is_empty() {
        return Head::Unfinished;
    }
    let Some(end) = find(bytes, HEAD_END) else {
        return if bytes.len() > LONGEST_HEAD { Head::Senseless(next_head(bytes)) } else { Head::Unfinished };
    };
    match length(&bytes[..end]) {
        Some(length) if length <= LONGEST_BODY => Head::Body { begins: end + HEAD_END.len(), length },
        _ => Head::Senseless(next_head(&bytes[..end + HEAD_END.len()])),
    }
}

fn length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?;
    head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.as_bytes().eq_ignore_ascii_case(LENGTH).then(|| value.trim().parse().ok())?
    })
}

/// The word may stand anywhere behind what made no sense.
fn next_head(bytes: &[u8]) -> usize {
    find(&bytes[1..], LENGTH).map_or(bytes.len(), |at| at + 1)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn judge(body: &[u8]) -> Result<()> {
    if serde_json::from_slice::<Request>(body).is_ok() || serde_json::from_slice::<Response>(body).is_ok() {
        return Ok(());
    }
    match serde_json::from_slice::<IgnoredAny>(body) {
        Ok(_) => Err(Error::invalid_request()),
        Err(_) => Err(Error::parse_error()),
    }
}

fn stand_in(error: &Error) -> Vec<u8> {
    let code = error.code.code();
    json!({ "jsonrpc": "2.0", "id": null, "method": UNREADABLE, "params": code }).to_string().into_bytes()
}

fn pass(body: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    out.extend_from_slice(body);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"{"jsonrpc":"2.0","method":"x"}"#;
    const NO_JSON: &str = r#"{"id":null,"jsonrpc":"2.0","method":"$/unreadable","params":-32700}"#;
    const NO_REQUEST: &str = r#"{"id":null,"jsonrpc":"2.0","method":"$/unreadable","params":-32600}"#;

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[track_caller]
    fn check(input: &[u8], expected: &[&str]) {
        let expected: String = expected.iter().map(|body| framed(body)).collect();
        for size in (1..=input.len()).rev() {
            let (mut frames, mut out) = (Frames::default(), Vec::new());
            input.chunks(size).for_each(|chunk| frames.feed(chunk, &mut out));
            assert_eq!(String::from_utf8(out).unwrap(), expected, "in chunks of {size}");
        }
    }

    #[test]
    fn messages_pass_as_they_stand() {
        let answer = r#"{"jsonrpc":"2.0","id":3,"result":null}"#;
        check(format!("{}{}", framed(SOUND), framed(answer)).as_bytes(), &[SOUND, answer]);
        let typed = "content-length: 30\r\nContent-Type: application/vscode-jsonrpc\r\n\r\n";
        check(format!("{typed}{SOUND}").as_bytes(), &[SOUND]);
    }

    #[test]
    fn what_is_no_message_is_stood_in_for() {
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        for (body, instead) in [
            ("{not json", NO_JSON),
            ("", NO_JSON),
            (r#"{"jsonrpc":"2.0","method":"x"#, NO_JSON),
            ("[]", NO_REQUEST),
            (&deep, NO_REQUEST),
            ("{}", NO_REQUEST),
            (r#"{"jsonrpc":"1.0","method":"x"}"#, NO_REQUEST),
        ] {
            check(format!("{}{}", framed(body), framed(SOUND)).as_bytes(), &[instead, SOUND]);
        }
        let mut not_utf8 = b"Content-Length: 2\r\n\r\n\xff\xfe".to_vec();
        not_utf8.extend_from_slice(framed(SOUND).as_bytes());
        check(&not_utf8, &[NO_JSON, SOUND]);
    }

    #[test]
    fn behind_a_header_without_sense_the_next_one_counts() {
        for nonsense in [
            "Content-Length: many\r\n\r\n{}",
            "Content-Size: 2\r\n\r\n{}",
            "Content-Length: 99999999999999\r\n\r\n{}",
            "hello\r\n\r\nworld",
        ] {
            check(format!("{nonsense}{}", framed(SOUND)).as_bytes(), &[NO_JSON, SOUND]);
        }
    }

    #[test]
    fn noise_without_end_is_not_kept() {
        let (mut frames, mut out) = (Frames::default(), Vec::new());
        for _ in 0..100 {
            frames.feed(&[b'x'; 1024], &mut out);
            assert!(frames.held.len() <= LONGEST_HEAD);
        }
        frames.feed(framed(SOUND).as_bytes(), &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), format!("{}{}", framed(NO_JSON), framed(SOUND)));
    }
}
