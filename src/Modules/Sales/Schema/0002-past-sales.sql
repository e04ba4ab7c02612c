-- Which document was made of what another program had sold: an import that is run again finds it here and makes it no second time.
-- both

create table past_document (
  source text not null,
  reference text not null,
  document_id {id} not null references document (id) deferrable initially deferred,
  content_hash text not null,
  imported_at {instant} not null,
  primary key (source, reference)
);
create unique index past_document_id on past_document (document_id);
