//! CPU time of the processes that are measured, and of no other, from `/proc`.

use std::fs;

use anyhow::{Context, Result};

/// What one tick of `/proc/<pid>/stat` is worth: Linux shows all user programs 100 ticks a second.
const TICK_US: u64 = 10_000;

/// CPU time that a process used so far, in microseconds; threads that ended are in it.
pub fn of_process(pid: u32) -> Result<u64> {
    let stat = read(pid)?;
    Ok((stat.user + stat.system) * TICK_US)
}

/// CPU time of a process and of all its children, those that ended included, in microseconds: PostgreSQL's
/// postmaster with its backends.
pub fn of_family(pid: u32) -> Result<u64> {
    let parent = read(pid)?;
    let mut ticks = parent.user + parent.system + parent.ended_children;
    for entry in fs::read_dir("/proc").context("/proc cannot be read")?.flatten() {
        let child = entry.file_name().to_str().and_then(|name| name.parse().ok());
        // A process may end between the listing and the look at it.
        let Some(Ok(stat)) = child.map(read) else { continue };
        if stat.parent == pid {
            ticks += stat.user + stat.system;
        }
    }
    Ok(ticks * TICK_US)
}

/// Resident memory of a process in KiB.
pub fn memory_kib(pid: u32) -> Result<u64> {
    status_kib(pid, "VmRSS:")
}

/// The most resident memory of a process in KiB since its beginning, or since [`forget_peak`].
pub fn peak_kib(pid: u32) -> Result<u64> {
    status_kib(pid, "VmHWM:")
}

/// Lets the peak begin anew at what the process holds now (proc(5), `clear_refs`).
pub fn forget_peak(pid: u32) -> Result<()> {
    let path = format!("/proc/{pid}/clear_refs");
    fs::write(&path, "5").with_context(|| format!("{path} cannot be written"))
}

fn status_kib(pid: u32, name: &str) -> Result<u64> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
    status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .with_context(|| format!("{path} names no {name}"))
}

struct Stat {
    parent: u32,
    user: u64,
    system: u64,
    /// User and system time of children that ended and were waited for.
    ended_children: u64,
}

fn read(pid: u32) -> Result<Stat> {
    let path = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
    parse(&text).with_context(|| format!("{path} is not understood"))
}

fn parse(text: &str) -> Option<Stat> {
    // The program's name stands in brackets and may hold anything, brackets and spaces included.
    let fields: Vec<&str> = text.get(text.rfind(')')? + 1..)?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        user: ticks(11)?,
        system: ticks(12)?,
        ended_children: ticks(13)? + ticks(14)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_a_name_with_brackets() {
        let text = "42 (a) b (c) S 7 42 42 0 -1 4194304 100 0 0 0 11 12 13 14 20 0 1 0 5 0 0";
        let stat = parse(text).expect("a line of stat");
        assert_eq!(
            (stat.parent, stat.user, stat.system, stat.ended_children),
            (7, 11, 12, 27)
        );
        assert!(parse("42 (a").is_none());
    }

    #[test]
    fn this_process_can_be_read() {
        let own = std::process::id();
        // The process first: its time only grows, and the family's includes it.
        let process = of_process(own).expect("own stat");
        assert!(of_family(own).expect("own stat") >= process);
        assert!(memory_kib(own).expect("own memory") > 0);
    }
}
