-- Words by which a party is found that its own row does not have: further telephone numbers, member numbers. They stay when the party is changed.
-- both

alter table party_word add column extra {bool} not null default false;

-- Whose tax identifier it is.
create index party_by_tax on party (tax_id) where tax_id is not null;
-- All that concerns a party, the latest first.
drop index document_by_party;
create index document_by_party on document (party_id, business_date, id);
