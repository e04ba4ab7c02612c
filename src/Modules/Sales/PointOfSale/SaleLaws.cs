using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>What must hold between the rows of sales, the ledger and the facts.</summary>
internal static class SaleLaws
{
    /// <summary>The laws, for <c>plug1 ledger check</c>.</summary>
    public static IReadOnlyList<LedgerLaw> All(Engine engine)
    {
        var rate = Sql.Raw("x.tax_code || '/' || x.component");
        return
        [
            new("pos-tax", "The tax of a sale's tax table is what it posted to OutputTax, component by component.", $"""
                select document_id, component, sum(tax) as tax, sum(posted) as posted from (
                  select x.document_id, {rate} as component, x.amount as tax, 0 as posted
                  from pos_sale_tax x join document d on d.id = x.document_id where d.posted_at is not null
                  union all
                  select t.document_id, a.subject, 0, -e.amount
                  from account a join entry e on e.account_id = a.id join ledger_transaction t on t.id = e.transaction_id join document d on d.id = t.document_id
                  where a.role = 'OutputTax' and d.function = {PointOfSaleFunction.FunctionCode}
                ) as compared group by document_id, component having sum(tax) <> sum(posted)
                """),
            new("pos-revenue", "The net of a sale's goods is what it posted to SalesRevenue, that of a return what it posted to SalesReturns.", $"""
                select document_id, sum(net) as net, sum(posted) as posted from (
                  select l.document_id, l.net, 0 as posted from pos_sale_line l join document d on d.id = l.document_id where d.posted_at is not null and l.kind <> 'voucher'
                  union all
                  select t.document_id, 0, -e.amount
                  from account a join entry e on e.account_id = a.id join ledger_transaction t on t.id = e.transaction_id join document d on d.id = t.document_id
                  where a.role in ('SalesRevenue', 'SalesReturns') and d.function = {PointOfSaleFunction.FunctionCode}
                ) as compared group by document_id having sum(net) <> sum(posted)
                """),
            new("pos-facts", "The facts of a sale are the net, tax and cost of its goods.", $"""
                select document_id, sum(net) as net, sum(fact_net) as fact_net, sum(tax) as tax, sum(fact_tax) as fact_tax, sum(cost) as cost, sum(fact_cost) as fact_cost from (
                  select l.document_id, l.net, l.tax, l.cost, 0 as fact_net, 0 as fact_tax, 0 as fact_cost
                  from pos_sale_line l join document d on d.id = l.document_id where d.posted_at is not null and l.kind <> 'voucher'
                  union all
                  select f.document_id, 0, 0, 0, f.amount, f.m3, f.cost from fact f
                  where f.function = {PointOfSaleFunction.FunctionCode} and f.kind in ('sale', 'return') and f.grain = 0 and f.event in ('posted', 'reversed')
                ) as compared group by document_id having sum(net) <> sum(fact_net) or sum(tax) <> sum(fact_tax) or sum(cost) <> sum(fact_cost)
                """),
            new("pos-vouchers", "What a voucher was issued for without payment, and what expired, is what its document posted to StoredValue.", $"""
                select d.id as document_id, d.total, coalesce(p.amount, 0) as posted from document d left join (
                  select t.document_id, sum(e.amount) as amount
                  from account a join entry e on e.account_id = a.id join ledger_transaction t on t.id = e.transaction_id where a.role = 'StoredValue' group by t.document_id
                ) p on p.document_id = d.id
                where d.function = {PointOfSaleFunction.FunctionCode} and d.kind in ({IssuedVoucher.Kind}, {ExpiredVouchers.Kind}) and d.posted_at is not null
                  and d.total <> coalesce(p.amount, 0) * case when d.kind = {IssuedVoucher.Kind} then -1 else 1 end
                """),
            new("pos-sums", "The sums of sales by day are those of the documents behind the watermark.", SaleSums.Sales.Violations()),
            new("pos-tender-sums", "The sums of payments by day are those of the payments behind the watermark.", SaleSums.Tenders.Violations()),
            new("pos-lines", "The lines of a sale sum to its net, tax and cost.", $"""
                select s.document_id, s.net, coalesce(l.net, 0) as lines_net, s.tax, coalesce(l.tax, 0) as lines_tax, s.cost, coalesce(l.cost, 0) as lines_cost
                from pos_sale s join document d on d.id = s.document_id
                left join (select document_id, sum(net) as net, sum(tax) as tax, sum(cost) as cost from pos_sale_line group by document_id) l
                  on l.document_id = s.document_id
                where d.posted_at is not null and (s.net <> coalesce(l.net, 0) or s.tax <> coalesce(l.tax, 0) or s.cost <> coalesce(l.cost, 0))
                """),
        ];
    }
}
