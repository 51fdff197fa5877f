//! The end of help texts.

/// The end of every help text: examples, where there are some, then the exit codes.
macro_rules! help {
    ($($more:literal),* $(,)?) => {
        concat!(
            $($more, "\n",)*
            "Exit codes:\n  0  it worked\n  1  it failed; the reason is on the error stream\n  \
             2  the command line is wrong"
        )
    };
}

pub(crate) use help;
