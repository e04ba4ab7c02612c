using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PastSales;

/// <summary>All SQL of past sales.</summary>
internal static class PastRows
{
    private static readonly Table Documents = new("past_document",
        ("source", Kind.Text), ("reference", Kind.Text), ("document_id", Kind.Id), ("content_hash", Kind.Text), ("imported_at", Kind.Instant));

    private static readonly Table Sessions = new Table("work_session",
        ("id", Kind.Id), ("kind", Kind.Text), ("branch_id", Kind.Id), ("terminal_id", Kind.Id), ("number", Kind.Text), ("user_id", Kind.Id), ("state", Kind.Text), ("opened_at", Kind.Instant),
        ("closed_at", Kind.Instant))
        .On("""
            on conflict (id) do update set opened_at = case when excluded.opened_at < work_session.opened_at then excluded.opened_at else work_session.opened_at end,
              closed_at = case when excluded.closed_at > work_session.closed_at then excluded.closed_at else work_session.closed_at end
            """);

    private static readonly Table Shifts = new Table("pos_shift", ("session_id", Kind.Id), ("float_amount", Kind.Long)).On("on conflict (session_id) do nothing");

    /// <summary>The shift that stands for a day of a till: closed, without a float and never counted.</summary>
    public static Guid SessionOf(PastPlace place, DateOnly day) => Ids.Of(
        $"past-sales/{place.Mapping.Source}/shift/{place.Terminal.Id:D}/{day:yyyy-MM-dd}", new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));

    /// <summary>What of a source was taken before: content by number.</summary>
    public static async Task<Dictionary<string, string>> Taken(Db db, string source, CancellationToken ct) =>
        (await db.Query($"select reference, content_hash from past_document where source = {source}", row => (row.Text(0), row.Text(1)), ct)).ToDictionary(row => row.Item1, row => row.Item2, StringComparer.Ordinal);

    /// <summary>Months in which nothing may be posted; what is closed softly is open to the system.</summary>
    public static async Task<IReadOnlyList<(DateOnly From, DateOnly To)>> Closed(Db db, CancellationToken ct) =>
        await db.Query($"select start_date, end_date from period where state = 'closed'", row => (row.Date(0), row.Date(1)), ct);

    /// <summary>Parties by number; those merged into another as that other.</summary>
    public static async Task<Dictionary<string, Guid>> Customers(Db db, IEnumerable<string> numbers, CancellationToken ct) =>
        (await db.Query($"select number, coalesce(canonical_id, id) from party where number {Sql.List(numbers)}", row => (row.Text(0), row.Guid(1)), ct)).ToDictionary(row => row.Item1, row => row.Item2, StringComparer.Ordinal);

    /// <summary>Gathers the rows of documents: shifts, sales with lines, taxes and tenders, stock documents, where each came from.</summary>
    public static void Insert(Tx tx, IReadOnlyList<PastEntry> entries, PastPlace place, DateTimeOffset now)
    {
        var sales = entries.Where(entry => !entry.IsStock).ToList();
        var days = sales.GroupBy(entry => entry.Header.SessionId!.Value).ToList();
        tx.Insert(Sessions, [.. days.Select(day => new object?[]
        {
            day.Key, "shift", place.Branch.Id, place.Terminal.Id, $"{place.Mapping.Source}-{place.Terminal.Code}-{day.First().Document.Day:yyyyMMdd}", Actor.SystemId, "closed",
            day.Min(entry => entry.Header.CreatedAt), day.Max(entry => entry.Header.CreatedAt),
        })]);
        tx.Insert(Shifts, [.. days.Select(day => new object?[] { day.Key, 0L })]);
        tx.Insert(PointOfSale.Sales.SaleTable, [.. sales.Select(entry => Sale(entry, place))]);
        tx.Insert(PointOfSale.Sales.LineTable, [.. sales.SelectMany(entry => Lines(entry, place))]);
        tx.Insert(PointOfSale.Sales.TaxTable, [.. sales.SelectMany(Taxes)]);
        tx.Insert(PointOfSale.Sales.TenderTable, [.. sales.Where(entry => entry.Header.Total != 0).Select(entry => new object?[]
        {
            entry.Header.Id, 1L, entry.Header.SessionId, place.Method.Code, entry.Header.Total, entry.Header.Total, 0L, entry.Document.Reference, null,
        })]);
        GoodsReceipts.InsertAll(tx, place.Terminal.WarehouseId, [.. entries.Where(entry => entry.IsStock).Select(entry => (entry.Header, entry.StockLines()))]);
        tx.Insert(Documents, [.. entries.Select(entry => new object?[] { place.Mapping.Source, entry.Document.Reference, entry.Header.Id, entry.Document.Hash, now })]);
    }

    private static object?[] Sale(PastEntry entry, PastPlace place)
    {
        var (sign, calculation) = (entry.Sign, entry.Calculation!);
        return
        [
            entry.Header.Id, place.Terminal.Id, place.Mapping.Tax.Included ? "gross" : "net", sign * calculation.Net.Minor, 0L, sign * calculation.Net.Minor, sign * calculation.Tax.Minor, 0L, 0L,
            entry.Costs.Sum(), entry.Document.Lines.Sum(line => line.Quantity), (long)entry.Items.Count, 0L, 0L, entry.Document.Kind == PastKind.Sale ? entry.Sequence : null, null, null, null, null,
        ];
    }

    private static IEnumerable<object?[]> Lines(PastEntry entry, PastPlace place)
    {
        for (var at = 0; at < entry.Items.Count; at++)
        {
            var (item, line, calculated) = (entry.Items[at], entry.Document.Lines[at], entry.Calculation!.Lines[at]);
            var (amount, net) = (entry.Sign * calculated.Amount.Minor, entry.Sign * calculated.Net.Minor);
            yield return
            [
                entry.Header.Id, at + 1L, item.Kind.Word(), item.Id, item.CategoryId, item.IsStocked ? place.Terminal.WarehouseId : null, item.Sku,
                line.Description.Length > 0 ? line.Description : item.Name, null, line.Quantity, line.Price, line.Price, "past", null,
                amount, 0L, 0L, 0L, amount, net, net, entry.Sign * calculated.Tax.Minor, entry.Costs[at], calculated.Line.Tax!.Code, null,
            ];
        }
    }

    private static IEnumerable<object?[]> Taxes(PastEntry entry) => entry.Calculation!.TaxTable.SelectMany(row => row.Components.Select(component => new object?[]
    {
        entry.Header.Id, row.Scheme.Code, component.Component.Code, component.Component.Rate.Millionths, entry.Sign * component.Base.Minor, entry.Sign * component.Amount.Minor,
    }));
}
