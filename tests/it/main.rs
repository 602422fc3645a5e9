//! The market proven from outside: its use cases, its pages and its API, on both databases.

mod acceptance;
mod api;
mod audit;
mod catalogue;
mod demo;
mod goods;
mod main_job;
mod money;
mod notice;
mod offer;
mod openapi;
mod order;
mod pages;
mod person;
mod portable;
mod race;
mod register;
mod rights;
mod second_factor;
mod session;
mod statement;
mod tidy;
mod verify;
mod village_order;
