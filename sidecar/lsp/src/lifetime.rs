//! When the sidecar leaves: with its client, however that ends.

use std::time::Duration;

/// How often the client's process is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Returns when the process has ended. Never for a process that can't be seen from here, such as one outside of this
/// container: the end of the input has to do then.
pub(crate) async fn ended(process: u32) {
    let Some(first) = life(process) else { return std::future::pending().await };
    loop {
        tokio::time::sleep(LOOK).await;
        if life(process) != Some(first) {
            return;
        }
    }
}

/// Tells two processes with the same id apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Life(u64);

/// `None` for a process that is not there; one that has ended but was not waited for counts as such.
#[cfg(target_os = "linux")]
fn life(process: u32) -> Option<Life> {
    let stat = std::fs::read(format!("/proc/{process}/stat")).ok()?;
    parse(&String::from_utf8_lossy(&stat))
}

/// `PID (NAME) STATE …`; the name may hold anything, also parentheses. The 22nd field is the time of its start.
#[cfg(any(target_os = "linux", test))]
fn parse(stat: &str) -> Option<Life> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let is_dead = matches!(fields.next()?, "Z" | "X" | "x");
    let start = fields.nth(18)?.parse().ok()?;
    (!is_dead).then_some(Life(start))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn life(process: u32) -> Option<Life> {
    let process = rustix::process::Pid::from_raw(i32::try_from(process).ok()?)?;
    match rustix::process::test_kill_process(process) {
        Err(rustix::io::Errno::SRCH) => None,
        _ => Some(Life(0)),
    }
}

/// Elsewhere the end of the input tells.
#[cfg(not(unix))]
fn life(_process: u32) -> Option<Life> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_read_behind_any_name() {
        let rest = "1 1 1 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 12345 1000 10 184";
        assert_eq!(parse(&format!("7 (a) Z (b)) S {rest}")), Some(Life(12345)));
        assert_eq!(parse(&format!("7 (sleep) Z {rest}")), None);
        assert_eq!(parse("7 (cut off"), None);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_process_that_nobody_waits_for_has_ended_too() {
        let mut child = std::process::Command::new("sleep").arg("3600").spawn().unwrap();
        let process = child.id();
        assert!(life(process).is_some());
        let watching = tokio::spawn(ended(process));
        child.kill().unwrap();
        watching.await.unwrap();
        assert_eq!(life(process), None, "a zombie");
        child.wait().unwrap();
    }
}
