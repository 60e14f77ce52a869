//! What Linux tells of this process, under the names that every Prometheus client uses.

use jiff::Timestamp;
use std::fmt::Write;
use std::fs;

use super::names::{
    Kind, Metric, PROCESS_CPU, PROCESS_MAX_FDS, PROCESS_MEMORY, PROCESS_OPEN_FDS, PROCESS_START_TIME,
    PROCESS_THREADS,
};

/// `/proc` counts time in hundredths of a second on every architecture (`USER_HZ`, proc(5)).
const TICKS_PER_SECOND: f64 = 100.0;

/// Adds the process's metrics to a scrape; what cannot be read is left out.
///
/// They are written here because counters of the `metrics` crate hold whole numbers, which processor time is not.
pub(super) fn write(out: &mut String) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let stat = Stat::of(&stat);
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let open = fs::read_dir("/proc/self/fd").map(Iterator::count).ok();
    line(out, &PROCESS_MEMORY, field(&status, "VmRSS:").map(|kib| kib * 1024.0));
    line(out, &PROCESS_THREADS, field(&status, "Threads:"));
    line(out, &PROCESS_CPU, stat.as_ref().map(|stat| stat.cpu_seconds));
    line(out, &PROCESS_START_TIME, stat.and_then(|stat| started(stat.seconds_after_boot)));
    line(out, &PROCESS_OPEN_FDS, open.map(|count| count as f64));
    line(out, &PROCESS_MAX_FDS, field(&limits, "Max open files"));
}

fn line(out: &mut String, metric: &Metric, value: Option<f64>) {
    let Some(value) = value else { return };
    let kind = match metric.kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
        Kind::Histogram(_) => "histogram",
    };
    let name = metric.name;
    // Writing to a String cannot fail.
    let _ = write!(out, "# HELP {name} {}\n# TYPE {name} {kind}\n{name} {value}\n\n", metric.help);
}

/// The first number after a name at the beginning of a line.
fn field(document: &str, name: &str) -> Option<f64> {
    let rest = document.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

struct Stat {
    cpu_seconds: f64,
    seconds_after_boot: f64,
}

impl Stat {
    fn of(stat: &str) -> Option<Self> {
        // The second field is the program's name in parentheses, which may hold spaces.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
        Some(Self {
            cpu_seconds: (ticks(14)? + ticks(15)?) / TICKS_PER_SECOND,
            seconds_after_boot: ticks(22)? / TICKS_PER_SECOND,
        })
    }
}

fn started(seconds_after_boot: f64) -> Option<f64> {
    let uptime = fs::read_to_string("/proc/uptime").ok()?;
    let uptime: f64 = uptime.split_whitespace().next()?.parse().ok()?;
    let now = Timestamp::now().as_duration().as_secs_f64();
    Some((now - uptime + seconds_after_boot).round())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_name_with_spaces_and_parentheses_is_skipped() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 4 0 12300 1 1";
        let stat = Stat::of(stat).unwrap();
        assert_eq!((stat.cpu_seconds, stat.seconds_after_boot), (3.0, 123.0));
    }

    #[test]
    fn this_process_has_memory_threads_time_and_files() {
        let mut out = String::new();
        write(&mut out);
        for metric in [PROCESS_MEMORY, PROCESS_THREADS, PROCESS_OPEN_FDS, PROCESS_MAX_FDS, PROCESS_START_TIME]
        {
            let line = out.lines().find_map(|line| line.strip_prefix(metric.name)).unwrap();
            assert!(line.trim().parse::<f64>().unwrap() > 0.0, "{}", metric.name);
        }
        assert!(out.contains("process_cpu_seconds_total "));
    }
}
