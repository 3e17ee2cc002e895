//! Work on all cores, results in the order of the jobs, and never more bytes under way than `IN_FLIGHT`.
//!
//! Standard threads and channels rather than rayon: what is wanted is a bounded queue, not a parallel iterator.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{available_parallelism, panicking, scope};

use anyhow::{Result, bail};

/// Bytes of input that are read but not yet printed. One job more than that still goes, alone.
const IN_FLIGHT: usize = 32 << 20;

/// Jobs are handed on together once they have this many bytes: a mail is too small for a hand-over of its own.
const BATCH: usize = 128 << 10;

/// A job weighs something even when it is empty.
const JOB: usize = 64;

/// Runs `work` on everything that `produce` pushes, and `consume`, on this thread, on each batch of results in order,
/// with the bytes of input that made it.
///
/// An error of `consume` stops everything and is returned; so is one of `produce`, after what it had pushed.
pub fn ordered<J: Send, R: Send>(
    produce: impl FnOnce(&mut Sink<J>) -> Result<()> + Send,
    work: impl Fn(J) -> R + Sync,
    mut consume: impl FnMut(Vec<R>, usize) -> Result<()>,
) -> Result<()> {
    let budget = Budget::default();
    let (jobs, queue) = channel::<Batch<J>>();
    let queue = Mutex::new(queue);
    let (results, finished) = channel();
    scope(|scope| {
        let producer = scope.spawn(|| {
            let mut sink = Sink { jobs, budget: &budget, batch: Vec::new(), bytes: 0, number: 0 };
            let produced = produce(&mut sink);
            let _ = sink.flush();
            produced
        });
        for _ in 0..available_parallelism().map_or(1, |cores| cores.get()) {
            let results = results.clone();
            scope.spawn(|| work_off(&queue, results, &budget, &work));
        }
        drop(results);
        let consumed = in_order(finished, |batch| {
            let input = batch.bytes.saturating_sub(batch.jobs.len() * JOB);
            consume(batch.jobs, input)?;
            budget.give(batch.bytes);
            Ok(())
        });
        budget.close();
        let produced = producer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        consumed.and(produced)
    })
}

struct Batch<T> {
    number: usize,
    jobs: Vec<T>,
    bytes: usize,
}

/// Where jobs go.
pub struct Sink<'a, J> {
    jobs: Sender<Batch<J>>,
    budget: &'a Budget,
    batch: Vec<J>,
    bytes: usize,
    number: usize,
}

impl<J> Sink<'_, J> {
    /// Hands on a job of so many bytes, waiting while too much is under way. Fails when nobody wants more.
    pub fn push(&mut self, job: J, bytes: usize) -> Result<()> {
        self.batch.push(job);
        self.bytes += bytes + JOB;
        if self.bytes >= BATCH { self.flush() } else { Ok(()) }
    }

    /// Hands on what is there. To be called before waiting for input: somebody may wait for the answer.
    pub fn flush(&mut self) -> Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = Batch { number: self.number, jobs: std::mem::take(&mut self.batch), bytes: self.bytes };
        (self.number, self.bytes) = (self.number + 1, 0);
        if !self.budget.take(batch.bytes) || self.jobs.send(batch).is_err() {
            bail!("stopped");
        }
        Ok(())
    }
}

fn work_off<J, R>(
    queue: &Mutex<Receiver<Batch<J>>>,
    results: Sender<Batch<R>>,
    budget: &Budget,
    work: impl Fn(J) -> R,
) {
    let _guard = CloseOnPanic(budget);
    loop {
        let next = lock(queue).recv();
        let Ok(Batch { number, jobs, bytes }) = next else { break };
        let jobs = jobs.into_iter().map(&work).collect();
        if results.send(Batch { number, jobs, bytes }).is_err() {
            break;
        }
    }
}

/// Hands on batches by their number, whatever order they arrive in.
fn in_order<R>(finished: Receiver<Batch<R>>, mut consume: impl FnMut(Batch<R>) -> Result<()>) -> Result<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for batch in finished {
        waiting.insert(batch.number, batch);
        while let Some(batch) = waiting.remove(&next) {
            consume(batch)?;
            next += 1;
        }
    }
    Ok(())
}

/// How many bytes are under way; `None` once nobody wants more.
struct Budget {
    used: Mutex<Option<usize>>,
    changed: Condvar,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { used: Mutex::new(Some(0)), changed: Condvar::new() }
    }
}

impl Budget {
    /// Waits until there is room; says whether work goes on.
    fn take(&self, bytes: usize) -> bool {
        let full = |used: &mut Option<usize>| used.is_some_and(|used| used > 0 && used + bytes > IN_FLIGHT);
        let mut used = self.changed.wait_while(lock(&self.used), full).unwrap_or_else(PoisonError::into_inner);
        *used = used.map(|used| used + bytes);
        used.is_some()
    }

    fn give(&self, bytes: usize) {
        let mut used = lock(&self.used);
        *used = used.map(|used| used.saturating_sub(bytes));
        self.changed.notify_all();
    }

    fn close(&self) {
        *lock(&self.used) = None;
        self.changed.notify_all();
    }
}

/// A worker that panics never finishes its batch: the producer must not wait for it.
struct CloseOnPanic<'a>(&'a Budget);

impl Drop for CloseOnPanic<'_> {
    fn drop(&mut self) {
        if panicking() {
            self.0.close();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        let mut seen = Vec::new();
        let produce = |sink: &mut Sink<usize>| (0..2_000).try_for_each(|job| sink.push(job, 10_000));
        let work = |job: usize| {
            std::thread::sleep(Duration::from_micros((job as u64 * 7) % 50));
            job
        };
        ordered(produce, work, |batch, _| {
            seen.extend(batch);
            Ok(())
        })
        .unwrap();
        assert!(seen.iter().copied().eq(0..2_000));
    }

    #[test]
    fn a_failing_consumer_stops_the_producer() {
        let pushed = AtomicUsize::new(0);
        let produce = |sink: &mut Sink<usize>| {
            (0..1_000_000).try_for_each(|job| {
                pushed.fetch_add(1, Ordering::Relaxed);
                sink.push(job, IN_FLIGHT)
            })
        };
        let failed = ordered(produce, |job| job, |_, _| bail!("pipe closed"));
        assert_eq!(failed.unwrap_err().to_string(), "pipe closed");
        assert!(pushed.into_inner() < 100);
    }
}
