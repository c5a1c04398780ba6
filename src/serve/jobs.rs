//! Long work: one job at a time, a short queue, and the last results.

use crate::assess::proposals::{Listener, Part, Phase, receipt_minutes};
use crate::zoning::exact::{Standing, Watch};
use serde::Serialize;
use serde_json::Value;
use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// So many jobs may wait for the one under way.
const WAITING: usize = 4;

/// So many jobs are kept, with those that wait.
const KEPT: usize = 16;

/// How often a search is told of at most. Only what is shown depends on it.
const TOLD_EVERY: Duration = Duration::from_millis(100);

/// What a job does: it tells the job how far it is, and gives the answer or says why there is none.
type Work = Box<dyn FnOnce(&Job) -> Result<Value, String> + Send>;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Others come first.
    Waiting,
    /// Under way.
    Running,
    /// There is an answer.
    Done,
    /// There is none.
    Failed,
    /// Stopped before it began.
    Stopped,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    /// Id of the job: the same for the same request to the same study.
    pub id: String,
    /// Where it stands.
    pub stage: Stage,
    /// What it does, once it has begun.
    pub phase: Option<Phase>,
    /// Best plan so far: receipts × minutes per month.
    pub objective_receipt_minutes: Option<f64>,
    /// No plan has less.
    pub bound_receipt_minutes: Option<f64>,
    /// (objective − bound) ÷ objective, 0–1.
    pub gap: Option<f64>,
    /// Of a repair: moves of the best plan so far.
    pub moves: Option<u64>,
    /// Of a repair: no plan has fewer moves.
    pub moves_bound: Option<u64>,
    /// Branch-and-bound nodes so far.
    pub nodes: u64,
    /// Plans of the answer that are known.
    pub plans: u32,
    /// Somebody has asked it to stop.
    pub is_stopping: bool,
    /// Why there is no answer, in Japanese.
    pub problem: Option<String>,
    /// The answer.
    #[serde(skip)]
    pub answer: Option<Arc<Value>>,
}

/// One piece of long work.
pub struct Job {
    state: watch::Sender<State>,
    is_over: AtomicBool,
}

impl Job {
    fn new(id: String) -> Self {
        let state = State {
            id,
            stage: Stage::Waiting,
            phase: None,
            objective_receipt_minutes: None,
            bound_receipt_minutes: None,
            gap: None,
            moves: None,
            moves_bound: None,
            nodes: 0,
            plans: 0,
            is_stopping: false,
            problem: None,
            answer: None,
        };
        Self { state: watch::Sender::new(state), is_over: AtomicBool::new(false) }
    }

    /// How far it is.
    pub fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Hears of every change.
    pub fn listen(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// Asks the work to end with what it has.
    pub fn stop(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.state.send_modify(|state| match state.stage {
            Stage::Waiting => state.stage = Stage::Stopped,
            Stage::Running => state.is_stopping = true,
            Stage::Done | Stage::Failed | Stage::Stopped => {}
        });
    }

    /// Does the work, unless it was stopped before.
    fn run(&self, work: Work) {
        let begins = self.state.send_if_modified(|state| {
            let begins = state.stage == Stage::Waiting;
            state.stage = if begins { Stage::Running } else { state.stage };
            begins
        });
        if !begins {
            return;
        }
        let failed =
            |_| Err("計算が途中で止まりました。keniki を起動した画面の記録を確認してください".to_owned());
        let answer = catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or_else(failed);
        self.state.send_modify(|state| match answer {
            Ok(answer) => (state.stage, state.answer) = (Stage::Done, Some(Arc::new(answer))),
            Err(problem) => (state.stage, state.problem) = (Stage::Failed, Some(problem)),
        });
    }
}

/// Hears the optimiser and tells the job.
pub struct Ear<'a> {
    job: &'a Job,
    told: Cell<Option<Instant>>,
}

impl<'a> Ear<'a> {
    /// Listens for a job.
    pub const fn new(job: &'a Job) -> Self {
        Self { job, told: Cell::new(None) }
    }
}

impl Ear<'_> {
    /// Whether it is time to tell again.
    fn is_time(&self) -> bool {
        let is_time = self.told.get().is_none_or(|told| told.elapsed() >= TOLD_EVERY);
        if is_time {
            self.told.set(Some(Instant::now()));
        }
        is_time
    }
}

impl Watch for Ear<'_> {
    fn standing(&self, standing: Standing) {
        if !self.is_time() {
            return;
        }
        let Standing { objective, bound, nodes } = standing;
        let gap = |objective: u64, bound: u64| match objective {
            0 => 0.0,
            _ => objective.saturating_sub(bound) as f64 / objective as f64,
        };
        self.job.state.send_if_modified(|state| {
            // What comes after the best plan answers other questions.
            if !matches!(state.phase, Some(Phase::Search | Phase::Proof | Phase::BestRepair)) {
                return false;
            }
            state.objective_receipt_minutes = objective.map(receipt_minutes);
            state.bound_receipt_minutes = bound.map(receipt_minutes);
            state.gap = objective.zip(bound).map(|(objective, bound)| gap(objective, bound));
            state.nodes = nodes;
            true
        });
    }

    fn is_over(&self) -> bool {
        self.job.is_over.load(Ordering::Relaxed)
    }
}

impl Listener for Ear<'_> {
    fn begins(&self, phase: Phase) {
        // What a new phase says first is told at once.
        self.told.set(None);
        self.job.state.send_modify(|state| state.phase = Some(phase));
    }

    fn moves(&self, standing: Standing) {
        // The proof is told whenever it comes.
        let is_proven = standing.objective.is_some() && standing.objective == standing.bound;
        if self.is_time() || is_proven {
            self.job.state.send_modify(|state| {
                (state.moves, state.moves_bound) = (standing.objective, standing.bound);
                state.nodes = standing.nodes;
            });
        }
    }

    fn found(&self, part: Part<'_>) {
        let Part::Plan(told) = part else { return };
        self.job.state.send_modify(|state| {
            if state.plans == 0 {
                state.objective_receipt_minutes = told.objective_receipt_minutes;
                state.bound_receipt_minutes = told.bound_receipt_minutes;
                (state.gap, state.nodes) = (told.gap, told.nodes);
            }
            state.plans += 1;
        });
    }
}

/// All jobs.
#[derive(Default)]
pub struct Jobs {
    board: Arc<Mutex<Board>>,
}

#[derive(Default)]
struct Board {
    /// The oldest first.
    kept: VecDeque<Arc<Job>>,
    waiting: VecDeque<(Arc<Job>, Work)>,
    is_working: bool,
}

impl Jobs {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The job of this id, if it is kept.
    pub fn get(&self, id: &str) -> Option<Arc<Job>> {
        self.board().kept.iter().find(|job| job.state.borrow().id == id).cloned()
    }

    /// Has work done. What is under way or done already for the same id is not done again, unless it was
    /// stopped or failed. `None` = too much is waiting.
    pub fn submit(
        &self,
        id: String,
        work: impl FnOnce(&Job) -> Result<Value, String> + Send + 'static,
    ) -> Option<Arc<Job>> {
        let mut board = self.board();
        let known = board.kept.iter().position(|job| job.state.borrow().id == id);
        if let Some(at) = known {
            let state = board.kept[at].state();
            let is_whole =
                !state.is_stopping && matches!(state.stage, Stage::Waiting | Stage::Running | Stage::Done);
            if is_whole {
                return Some(Arc::clone(&board.kept[at]));
            }
        }
        board.waiting.retain(|(job, _)| job.state.borrow().stage == Stage::Waiting);
        if board.waiting.len() >= WAITING {
            return None;
        }
        if let Some(at) = known {
            board.kept.remove(at);
        }
        let job = Arc::new(Job::new(id));
        board.kept.push_back(Arc::clone(&job));
        board.waiting.push_back((Arc::clone(&job), Box::new(work)));
        board.forget();
        if !board.is_working {
            board.is_working = true;
            let shared = Arc::clone(&self.board);
            // A thread of its own: it may be left behind when the program ends.
            std::thread::spawn(move || work_off(&shared));
        }
        Some(job)
    }
}

impl Board {
    /// Lets go of the oldest jobs that are over.
    fn forget(&mut self) {
        while self.kept.len() > KEPT {
            let is_over =
                |job: &Arc<Job>| !matches!(job.state.borrow().stage, Stage::Waiting | Stage::Running);
            let Some(oldest) = self.kept.iter().position(is_over) else { return };
            self.kept.remove(oldest);
        }
    }
}

/// Does what waits, one after the other, until nothing does.
fn work_off(board: &Mutex<Board>) {
    loop {
        let next = {
            let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
            let next = board.waiting.pop_front();
            board.is_working = next.is_some();
            next
        };
        let Some((job, work)) = next else { return };
        job.run(work);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// Waits until a job is over.
    fn over(job: &Job) -> State {
        loop {
            let state = job.state();
            if !matches!(state.stage, Stage::Waiting | Stage::Running) {
                return state;
            }
            std::thread::yield_now();
        }
    }

    /// A job that is under way until the sender is dropped.
    fn held(jobs: &Jobs, id: &str) -> (Arc<Job>, mpsc::Sender<()>) {
        let (hold, held) = mpsc::channel::<()>();
        let work = move |_: &Job| {
            let _ = held.recv();
            Ok(Value::from("held"))
        };
        (jobs.submit(id.to_owned(), work).expect("there is room"), hold)
    }

    #[test]
    fn the_same_request_is_answered_once() {
        let jobs = Jobs::default();
        let first = jobs.submit("a".to_owned(), |_| Ok(Value::from(1))).expect("there is room");
        assert_eq!(over(&first).answer.as_deref(), Some(&Value::from(1)));
        let again = jobs.submit("a".to_owned(), |_| Ok(Value::from(2))).expect("there is room");
        assert_eq!(over(&again).answer.as_deref(), Some(&Value::from(1)));
        assert!(Arc::ptr_eq(&jobs.get("a").expect("kept"), &first));
        assert!(jobs.get("b").is_none());
    }

    #[test]
    fn one_job_is_under_way_and_four_wait() {
        let jobs = Jobs::default();
        let (running, hold) = held(&jobs, "0");
        while running.state().stage != Stage::Running {
            std::thread::yield_now();
        }
        let waiting: Vec<_> = (1..=WAITING)
            .map(|id| jobs.submit(id.to_string(), |_| Ok(Value::Null)).expect("there is room"))
            .collect();
        assert!(jobs.submit("more".to_owned(), |_| Ok(Value::Null)).is_none());
        assert!(waiting.iter().all(|job| job.state().stage == Stage::Waiting));
        waiting[0].stop();
        assert_eq!(waiting[0].state().stage, Stage::Stopped);
        let instead = jobs.submit("more".to_owned(), |_| Ok(Value::Null)).expect("its place is free");
        drop(hold);
        assert_eq!(over(&instead).stage, Stage::Done);
        assert_eq!(over(&waiting[0]).answer, None);
    }

    #[test]
    fn what_was_stopped_or_failed_is_done_again_when_it_is_asked_for() {
        let jobs = Jobs::default();
        let failing = |_: &Job| Err("だめ".to_owned());
        let first = jobs.submit("a".to_owned(), failing).expect("there is room");
        assert_eq!(over(&first).problem.as_deref(), Some("だめ"));
        let (running, hold) = held(&jobs, "a");
        while running.state().stage != Stage::Running {
            std::thread::yield_now();
        }
        running.stop();
        assert!(running.state().is_stopping);
        let again = jobs.submit("a".to_owned(), |_| Ok(Value::from(3))).expect("there is room");
        drop(hold);
        assert_eq!(over(&running).answer.as_deref(), Some(&Value::from("held")));
        assert_eq!(over(&again).answer.as_deref(), Some(&Value::from(3)));
    }

    #[test]
    fn a_fault_of_one_job_does_not_end_the_others() {
        let jobs = Jobs::default();
        let broken = jobs.submit("a".to_owned(), |_| panic!("a fault")).expect("there is room");
        assert_eq!(over(&broken).stage, Stage::Failed);
        let next = jobs.submit("b".to_owned(), |_| Ok(Value::Null)).expect("there is room");
        assert_eq!(over(&next).stage, Stage::Done);
    }

    #[test]
    fn only_the_last_jobs_are_kept() {
        let jobs = Jobs::default();
        for id in 0..=KEPT {
            over(&jobs.submit(id.to_string(), |_| Ok(Value::Null)).expect("there is room"));
        }
        assert!(jobs.get("0").is_none());
        assert!(jobs.get("1").is_some() && jobs.get(&KEPT.to_string()).is_some());
    }

    #[test]
    fn the_gap_is_told_with_the_standing() {
        let job = Job::new("a".to_owned());
        let ear = Ear::new(&job);
        ear.begins(Phase::Proof);
        ear.standing(Standing { objective: Some(1_200_000), bound: Some(600_000), nodes: 7 });
        let state = job.state();
        assert_eq!(state.objective_receipt_minutes, Some(2.0));
        assert_eq!(state.bound_receipt_minutes, Some(1.0));
        assert_eq!((state.gap, state.nodes), (Some(0.5), 7));
        assert!(!ear.is_over());
        job.stop();
        assert!(ear.is_over());
    }

    #[test]
    fn a_repair_tells_its_moves_and_then_its_travel() {
        let job = Job::new("a".to_owned());
        let ear = Ear::new(&job);
        ear.begins(Phase::Repair);
        ear.moves(Standing { objective: Some(3), bound: Some(1), nodes: 2 });
        assert_eq!((job.state().moves, job.state().moves_bound), (Some(3), Some(1)));
        ear.moves(Standing { objective: Some(2), bound: Some(2), nodes: 5 });
        assert_eq!((job.state().moves, job.state().moves_bound, job.state().nodes), (Some(2), Some(2), 5));
        assert_eq!(job.state().objective_receipt_minutes, None);
        ear.begins(Phase::BestRepair);
        ear.standing(Standing { objective: Some(1_200_000), bound: Some(600_000), nodes: 1 });
        assert_eq!((job.state().objective_receipt_minutes, job.state().moves), (Some(2.0), Some(2)));
    }

    #[test]
    fn the_standing_of_the_best_plan_is_not_taken_over_by_later_questions() {
        let job = Job::new("a".to_owned());
        Ear::new(&job).begins(Phase::ByZoneCount);
        Ear::new(&job).standing(Standing { objective: Some(1_200_000), bound: None, nodes: 7 });
        assert_eq!((job.state().objective_receipt_minutes, job.state().nodes), (None, 0));
    }
}
