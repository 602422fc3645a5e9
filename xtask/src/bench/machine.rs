//! The machine that is measured on, and its calendar.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::process;

/// What readers must know of the machine to judge the numbers.
pub struct Machine {
    /// How many processors.
    pub cores: usize,
    /// Their model.
    pub model: String,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// The file system that both databases lie on.
    pub file_system: String,
}

impl Machine {
    /// This machine.
    pub fn this() -> Self {
        let value = |path: &str, name: &str| {
            let text = fs::read_to_string(path).unwrap_or_default();
            let line = text
                .lines()
                .find(|line| line.starts_with(name))
                .unwrap_or_default();
            line.split_once(':')
                .map(|(_, value)| value.trim().to_owned())
                .unwrap_or_default()
        };
        let memory_kib: u64 = value("/proc/meminfo", "MemTotal")
            .split(' ')
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or_default();
        let folder = std::env::temp_dir();
        let file_system = process::output("stat", &["-f", "-c", "%T", &folder.to_string_lossy()]);
        Self {
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            model: value("/proc/cpuinfo", "model name"),
            memory_mib: memory_kib / 1024,
            file_system: file_system.unwrap_or_else(|| "unknown".to_owned()),
        }
    }
}

/// The day in China (UTC+8, no summer time) so many days from now, as `2026-11-23`.
pub fn day(ahead: u64) -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let (year, month, date) = civil((since + 8 * 3600) / 86_400 + ahead);
    format!("{year:04}-{month:02}-{date:02}")
}

/// Year, month and day of so many days since 1970-01-01 (Howard Hinnant, 'chrono-Compatible Low-Level Date Algorithms').
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let date = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    (year, month, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_780), (2026, 11, 23));
        assert_eq!(civil(20_818), (2026, 12, 31));
        assert_eq!(civil(20_819), (2027, 1, 1));
    }
}
