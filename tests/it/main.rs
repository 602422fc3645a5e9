//! The market proven from outside: its use cases, its pages and its API, on both databases.

mod main_job;
