//! What comes in, made readable. Half a surrogate pair must not end the session.
//!
//! JavaScript strings may hold one half of a pair, and `JSON.stringify` writes it as `\ud83d`. That is no Unicode
//! text: the JSON parser refuses the message, and the transport takes a refused message for the end of the input.
//! So a lone half becomes `\ufffd` on its way in, which has the same length in bytes (the `Content-Length` stays
//! right) and in UTF-16 units (positions stay right).

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    sync::oneshot,
};

use crate::frames::Frames;

const CHUNK: usize = 64 * 1024;
const ESCAPE: usize = 6;

pub(crate) struct Input<R> {
    inner: R,
    chunk: Vec<u8>,
    mender: Mender,
    mended: Vec<u8>,
    frames: Frames,
    /// Whole messages, mended: bytes that nobody has read yet, from `given` on.
    ready: Vec<u8>,
    given: usize,
    /// Told when the input ends.
    ended: Option<oneshot::Sender<()>>,
}

impl<R> Input<R> {
    pub(crate) fn new(inner: R, ended: oneshot::Sender<()>) -> Self {
        Self {
            inner,
            chunk: vec![0; CHUNK],
            mender: Mender::default(),
            mended: Vec::new(),
            frames: Frames::default(),
            ready: Vec::new(),
            given: 0,
            ended: Some(ended),
        }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Input<R> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.given == this.ready.len() {
            let mut buffer = ReadBuf::new(&mut this.chunk);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut buffer))?;
            this.ready.clear();
            this.given = 0;
            this.mended.clear();
            if buffer.filled().is_empty() {
                this.mender.end(&mut this.mended);
                this.frames.feed(&this.mended, &mut this.ready);
                this.frames.end(&mut this.ready);
                if let Some(ended) = this.ended.take() {
                    let _ = ended.send(());
                }
                break;
            }
            this.mender.feed(buffer.filled(), &mut this.mended);
            this.frames.feed(&this.mended, &mut this.ready);
        }
        let count = out.remaining().min(this.ready.len() - this.given);
        out.put_slice(&this.ready[this.given..this.given + count]);
        this.given += count;
        Poll::Ready(Ok(()))
    }
}

/// Passes bytes on, and holds back only the beginning of an escape whose end decides what it is. A message never ends
/// inside a string, so nothing that is held back completes a message.
#[derive(Default)]
struct Mender {
    held: Vec<u8>,
}

enum Escape {
    /// Passes as it stands, so many bytes.
    Sound(usize),
    Lone,
    Unfinished,
}

impl Mender {
    fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        if self.held.is_empty() {
            self.mend(bytes, out);
        } else {
            let mut joined = std::mem::take(&mut self.held);
            joined.extend_from_slice(bytes);
            self.mend(&joined, out);
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.held);
    }

    fn mend(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) {
        while let Some(at) = bytes.iter().position(|byte| *byte == b'\\') {
            out.extend_from_slice(&bytes[..at]);
            bytes = &bytes[at..];
            match escape(bytes) {
                Escape::Sound(length) => {
                    out.extend_from_slice(&bytes[..length]);
                    bytes = &bytes[length..];
                }
                Escape::Lone => {
                    out.extend_from_slice(br"\ufffd");
                    bytes = &bytes[ESCAPE..];
                }
                Escape::Unfinished => {
                    self.held.extend_from_slice(bytes);
                    return;
                }
            }
        }
        out.extend_from_slice(bytes);
    }
}

/// Judges the escape that begins with the backslash at the start of `bytes`.
fn escape(bytes: &[u8]) -> Escape {
    match bytes.get(1) {
        None => return Escape::Unfinished,
        Some(b'u') if bytes.len() < ESCAPE => return Escape::Unfinished,
        Some(b'u') => {}
        Some(_) => return Escape::Sound(2),
    }
    match unit(bytes) {
        Some(0xd800..=0xdbff) => pair(&bytes[ESCAPE..]),
        Some(0xdc00..=0xdfff) => Escape::Lone,
        _ => Escape::Sound(ESCAPE),
    }
}

/// Judges what follows the first half of a pair, as soon as it can be told.
fn pair(rest: &[u8]) -> Escape {
    let expected: [fn(u8) -> bool; ESCAPE] = [
        |b| b == b'\\',
        |b| b == b'u',
        |b| b.eq_ignore_ascii_case(&b'd'),
        |b| matches!(b.to_ascii_lowercase(), b'c'..=b'f'),
        |b| b.is_ascii_hexdigit(),
        |b| b.is_ascii_hexdigit(),
    ];
    if rest.iter().zip(expected).any(|(byte, fits)| !fits(*byte)) {
        Escape::Lone
    } else if rest.len() < ESCAPE {
        Escape::Unfinished
    } else {
        Escape::Sound(2 * ESCAPE)
    }
}

fn unit(escape: &[u8]) -> Option<u16> {
    let digits = std::str::from_utf8(escape.get(2..ESCAPE)?).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mended_in_chunks(text: &str, size: usize) -> String {
        let (mut mender, mut out) = (Mender::default(), Vec::new());
        for chunk in text.as_bytes().chunks(size.max(1)) {
            mender.feed(chunk, &mut out);
        }
        mender.end(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        for size in 1..=text.len() {
            assert_eq!(mended_in_chunks(text, size), expected, "in chunks of {size}");
        }
    }

    #[test]
    fn lone_halves_become_the_replacement_character() {
        check(r#"{"text":"\ud83d"}"#, r#"{"text":"\ufffd"}"#);
        check(r#"{"text":"a\udc00b"}"#, r#"{"text":"a\ufffdb"}"#);
        check(r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#);
        check(r#""\uD83D\n""#, r#""\ufffd\n""#);
    }

    #[test]
    fn everything_else_passes_unchanged() {
        for text in [
            r#"Content-Length: 12\r\n"#,
            r#""\ud83d\ude00 \u00e4 \\ \" \n""#,
            r#""a backslash before: \\ud83d""#,
            r#""\\\\ud83d \u12zz""#,
            "😀 without an escape",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn a_message_that_ends_with_a_lone_half_is_not_held_back() {
        let (mut mender, mut out) = (Mender::default(), Vec::new());
        mender.feed(br#"{"text":"\ud83d"}"#, &mut out);
        assert_eq!(out, br#"{"text":"\ufffd"}"#);
    }

    #[tokio::test]
    async fn the_end_is_told() {
        let (ended, told) = oneshot::channel();
        let mut input = Input::new(&br#""\ud83d" rest \ud8"#[..], ended);
        let mut text = String::new();
        tokio::io::AsyncReadExt::read_to_string(&mut input, &mut text).await.unwrap();
        assert_eq!(text, r#""\ufffd" rest \ud8"#);
        told.await.unwrap();
    }

    proptest! {
        /// The oracle: what JavaScript would show for the string, unit by unit.
        #[test]
        fn any_utf16_text_arrives_with_its_length(units in prop::collection::vec(
            prop_oneof![any::<u16>(), 0xd800u16..0xe000, Just(0x5c), Just(0x75), Just(0x64)], 0..40,
        ), size in 1usize..20) {
            let escaped: String = units.iter().map(|unit| match unit {
                0x5c => r"\\".to_owned(),
                0x61..=0x7a => char::from(*unit as u8).to_string(),
                _ => format!("\\u{unit:04x}"),
            }).collect();
            let mended = mended_in_chunks(&format!("\"{escaped}\""), size);
            let text: String = serde_json::from_str(&mended).unwrap();
            prop_assert_eq!(&text, &String::from_utf16_lossy(&units));
            prop_assert_eq!(text.encode_utf16().count(), units.len());
        }
    }
}
