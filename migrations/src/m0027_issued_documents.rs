//! Documents that were issued on paper: what each says in short, and a code that nobody guesses.

crate::dialect::step!(
    "m0027_issued_documents",
    // One subject (an acceptance, a village's year) may be issued again with other content: the highest revision is the
    // one that holds. The same content is the same document, however often it is printed.
    "create table issued_documents (
    code text not null primary key,
    kind text not null,
    subject text not null,
    revision int not null,
    sha256 bytea not null,
    number text not null,
    sum_fen bigint not null,
    issued_at bigint not null
);
create unique index issued_documents_subject on issued_documents (subject, revision);
create unique index issued_documents_content on issued_documents (subject, sha256);
"
);
