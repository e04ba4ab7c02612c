-- Words of items and of what people wrote on documents, found by the full text search of the engine.
-- Body is the text in its searched form: small letters without accents, so both engines find the same.
-- only: sqlite
create table search_text (
  seq integer primary key autoincrement,
  subject_id text not null,
  part text not null,
  kind text not null,
  text text not null,
  body text not null
);
create virtual table search_words using fts5 (body, content = 'search_text', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3');
create trigger search_text_added after insert on search_text
begin
  insert into search_words (rowid, body) values (new.seq, new.body);
end;
create trigger search_text_removed after delete on search_text
begin
  insert into search_words (search_words, rowid, body) values ('delete', old.seq, old.body);
end;
create trigger search_text_changed after update on search_text
begin
  insert into search_words (search_words, rowid, body) values ('delete', old.seq, old.body);
  insert into search_words (rowid, body) values (new.seq, new.body);
end;
-- only: postgres
-- The words are taken as they are: the engine's own parser would cut d2 or 1e5 into pieces.
create table search_text (
  seq bigint generated always as identity primary key,
  subject_id uuid not null,
  part text not null,
  kind text not null,
  text text not null,
  body text not null,
  words tsvector not null generated always as (array_to_tsvector(array_remove(string_to_array(body, ' '), ''))) stored
);
create index search_words on search_text using gin (words);
-- both
create unique index search_text_of on search_text (subject_id, part);

insert into search_text (subject_id, part, kind, text, body) select id, 'name', 'item', name, lower(sku || ' ' || name) from item;
insert into search_text (subject_id, part, kind, text, body) select id, 'note', 'document', note, lower(note) from document where note <> '';
