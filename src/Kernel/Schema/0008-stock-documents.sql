-- Stock documents: goods taken in, goods written off. Quantities in millionths of the stock unit, values in minor units, both above zero;
-- the kind of the document says which way the goods went. The value of a write-off is known when it is posted.
-- both

create table stock_document (
  document_id {id} primary key references document (id) deferrable initially deferred,
  warehouse_id {id} not null references warehouse (id),
  supplier_id {id},
  quantity {long} not null,
  value {long} not null,
  line_count {long} not null
);

create table stock_document_line (
  document_id {id} not null,
  line {long} not null,
  item_id {id} not null,
  sku text not null,
  name text not null,
  lot text,
  serial {bool} not null default false,
  expires_on {date},
  quantity {long} not null check (quantity > 0),
  value {long} not null,
  primary key (document_id, line)
);
create index stock_document_line_of_item on stock_document_line (item_id);
