using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>Which items are bought together.</summary>
/// <remarks>
/// <para>Of sales that stand (not reversed), among the 300 items that most of them have; pairs of at least two sales. An item counts
/// once a sale. Filtered by item or category: pairs with a match, which come before the others among the 300.</para>
/// <para>Support = together ÷ sales; confidence = together ÷ sales with the first; lift = together × sales ÷ (sales with the first ×
/// sales with the second). Of 4 sales, 3 with tea, 2 with cups, 2 with both: support 0.5, confidence 0.6667 one way and 1 the
/// other, lift 1.33. Rounded for the eye, half away from zero.</para>
/// <para>Source: Agrawal, Imieliński and Swami, <i>Mining association rules between sets of items</i> (1993); Brin and others (1997) for lift.</para>
/// </remarks>
internal static class BasketAffinity
{
    private const int MostItems = 300;

    private static readonly IReadOnlyList<ReportField> Columns =
    [
        new("sku", "SKU", "text"), new("name", "Item", "text"), new("otherSku", "Other SKU", "text"), new("otherName", "Other item", "text"), new("together", "Sales with both", "integer"),
        new("support", "Support", "rate"), new("confidence", "Confidence", "rate"), new("confidenceBack", "Confidence back", "rate"), new("lift", "Lift", "number"),
    ];

    private sealed record Side(string Sku, string Name, long Sales);

    public static async Task<NamedReportResult> Run(ReportCall call, CancellationToken ct)
    {
        var whole = call with { Filters = call.Filters.Where(filter => filter.Key is not ("item" or "category")).ToDictionary() };
        Sql sales = $"{ReportScope.Booked(whole)} and d.kind = 'sale' and d.reversal_of is null and d.status <> 'reversed'";
        Sql wanted = $"{Wanted(call, "item", "i.id")}{Wanted(call, "category", "i.category_id")}";
        var total = call.Db.Later($"select count(*) from document d where {sales}", row => row.Long(0));
        var pairs = call.Db.Later($"""
            with basket as materialized (
              select distinct l.document_id, l.item_id from document d join pos_sale_line l on l.document_id = d.id where {sales} and l.item_id is not null
            ), best as materialized (
              select b.item_id, i.sku, i.name, count(*) as sales, case when {wanted} 1 = 1 then 1 else 0 end as wanted
              from basket b join item i on i.id = b.item_id group by b.item_id, i.id, i.sku, i.name, i.category_id order by 5 desc, 4 desc, i.sku limit {MostItems}
            ), kept as materialized (
              select b.document_id, b.item_id from basket b join best t on t.item_id = b.item_id
            ), pair as (
              select a.item_id as one, b.item_id as other, count(*) as together
              from kept a join kept b on b.document_id = a.document_id and a.item_id < b.item_id group by a.item_id, b.item_id having count(*) >= 2
            )
            select x.sku, x.name, x.sales, y.sku, y.name, y.sales, p.together
            from pair p join best x on x.item_id = p.one join best y on y.item_id = p.other where x.wanted = 1 or y.wanted = 1
            """, row => (One: new Side(row.Text(0), row.Text(1), row.Long(2)), Other: new Side(row.Text(3), row.Text(4), row.Long(5)), Together: row.Long(6)));
        await call.Db.Flush(ct);

        var rows = pairs.Value
            .Select(pair => string.CompareOrdinal(pair.One.Sku, pair.Other.Sku) <= 0 ? pair : (One: pair.Other, Other: pair.One, pair.Together))
            .OrderByDescending(pair => pair.Together).ThenBy(pair => pair.One.Sku, StringComparer.Ordinal).ThenBy(pair => pair.Other.Sku, StringComparer.Ordinal)
            .Select(pair => Row(pair.One, pair.Other, pair.Together, total.Value[0])).ToList();
        return new NamedReportResult(Columns, rows);
    }

    private static object?[] Row(Side one, Side other, long together, long sales) =>
    [
        one.Sku, one.Name, other.Sku, other.Name, together, ReportScope.Ratio(together, sales, 4), ReportScope.Ratio(together, one.Sales, 4), ReportScope.Ratio(together, other.Sales, 4),
        ReportScope.Ratio((Int128)together * sales, (Int128)one.Sales * other.Sales, 2),
    ];

    private static Sql Wanted(ReportCall call, string filter, string column) => ReportScope.Ids(call, filter) is { } ids ? $"{Sql.Raw(column)} {ids} and " : Sql.Raw("");
}
