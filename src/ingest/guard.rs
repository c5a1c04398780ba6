//! Readers of other people's formats may panic on a damaged file. A planner is told which file it
//! is instead of seeing a program fall over.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread will be caught and told by [`no_panic`].
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Does `work`; a panic in it becomes its message and prints nothing. Panics of other threads, and
/// outside of `work`, are printed as ever.
///
/// What `work` had changed when it panicked may be half changed: use nothing of it afterwards.
///
/// # Errors
/// The message of the panic.
pub fn no_panic<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = take_hook();
        set_hook(Box::new(move |panic| {
            if !CAUGHT.get() {
                print(panic);
            }
        }));
    });
    let outer = CAUGHT.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(outer);
    done.map_err(|panic| message(panic.as_ref()))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let fixed = panic.downcast_ref::<&str>().map(|said| (*said).to_owned());
    fixed.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_message_and_work_without_one_its_value() {
        assert_eq!(no_panic(|| 3), Ok(3));
        assert_eq!(no_panic(|| panic!("plain")), Err::<(), _>("plain".to_owned()));
        let number = std::hint::black_box(7);
        assert_eq!(no_panic(|| panic!("number {number}")), Err::<(), _>("number 7".to_owned()));
        assert!(no_panic(|| u8::MAX + std::hint::black_box(1)).is_err_and(|said| said.contains("overflow")));
    }

    #[test]
    fn a_caught_panic_inside_another_leaves_the_outer_one_caught() {
        let outer = no_panic(|| {
            assert!(no_panic(|| panic!("inner")).is_err());
            assert!(CAUGHT.get());
        });
        assert_eq!(outer, Ok(()));
        assert!(!CAUGHT.get());
    }
}
