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
        var best = call.Db.Later($"""
            select i.id, i.sku, i.name, count(distinct l.document_id), case when {wanted} 1 = 1 then 1 else 0 end
            from document d join pos_sale_line l on l.document_id = d.id join item i on i.id = l.item_id
            where {sales} group by i.id, i.sku, i.name, i.category_id order by 5 desc, 4 desc, i.sku limit {MostItems}
            """, row => (Id: row.Guid(0), Side: new Side(row.Text(1), row.Text(2), row.Long(3)), Wanted: row.Long(4) == 1));
        await call.Db.Flush(ct);
        var items = best.Value.ConvertAll(item => item.Side);
        var together = await Count(call, sales, [.. best.Value.Select(item => item.Id)], ct);

        var pairs = new List<(Side One, Side Other, long Together)>();
        for (var one = 0; one < items.Count; one++)
        {
            for (var other = one + 1; other < items.Count; other++)
            {
                if (together[one, other] < 2 || !(best.Value[one].Wanted || best.Value[other].Wanted)) continue;
                pairs.Add(string.CompareOrdinal(items[one].Sku, items[other].Sku) <= 0 ? (items[one], items[other], together[one, other]) : (items[other], items[one], together[one, other]));
            }
        }

        var rows = pairs.OrderByDescending(pair => pair.Together).ThenBy(pair => pair.One.Sku, StringComparer.Ordinal).ThenBy(pair => pair.Other.Sku, StringComparer.Ordinal)
            .Select(pair => Row(pair.One, pair.Other, pair.Together, total.Value[0])).ToList();
        return new NamedReportResult(Columns, rows);
    }

    /// <summary>In how many sales each two of the items are, by their places. Counted here: a wholesaler's sale has hundreds of lines, and so ten thousands of pairs, which a join would make one by one.</summary>
    private static async Task<long[,]> Count(ReportCall call, Sql sales, IReadOnlyList<Guid> items, CancellationToken ct)
    {
        var places = Enumerable.Range(0, items.Count).ToDictionary(at => items[at]);
        var together = new long[items.Count, items.Count];
        var basket = new List<int>();
        var document = Guid.Empty;
        var lines = call.Db.Stream($"""
            select l.document_id, l.item_id from document d join pos_sale_line l on l.document_id = d.id where {sales} and l.item_id is not null order by l.document_id
            """, row => (Document: row.Guid(0), Item: row.Guid(1)), ct);
        await foreach (var (sale, item) in lines)
        {
            if (sale != document) basket.Clear();
            document = sale;
            if (!places.TryGetValue(item, out var place) || basket.Contains(place)) continue;
            foreach (var other in basket) together[Math.Min(place, other), Math.Max(place, other)]++;
            basket.Add(place);
        }

        return together;
    }

    private static object?[] Row(Side one, Side other, long together, long sales) =>
    [
        one.Sku, one.Name, other.Sku, other.Name, together, ReportScope.Ratio(together, sales, 4), ReportScope.Ratio(together, one.Sales, 4), ReportScope.Ratio(together, other.Sales, 4),
        ReportScope.Ratio((Int128)together * sales, (Int128)one.Sales * other.Sales, 2),
    ];

    private static Sql Wanted(ReportCall call, string filter, string column) => ReportScope.Ids(call, filter) is { } ids ? $"{Sql.Raw(column)} {ids} and " : Sql.Raw("");
}
