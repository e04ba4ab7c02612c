using Plug1.Kernel;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Directory;

/// <summary>A step of a document on the timeline.</summary>
public sealed record CustomerEvent(DateTimeOffset At, string User, string Action, string? Reason, string? Text);

/// <summary>A document on the timeline of a customer.</summary>
/// <param name="Id">Id.</param>
/// <param name="Number">Number.</param>
/// <param name="Function">Code of its function.</param>
/// <param name="FunctionName">Name of its function.</param>
/// <param name="Kind">Kind.</param>
/// <param name="KindName">Name of the kind.</param>
/// <param name="Status">Status.</param>
/// <param name="Date">Business day.</param>
/// <param name="Branch">Code of the branch.</param>
/// <param name="Total">Total; null of what has none.</param>
/// <param name="Currency">Currency of the total.</param>
/// <param name="PartyId">Under which of the merged parties it was made.</param>
/// <param name="Events">Its steps, oldest first, at most 20.</param>
public sealed record CustomerTimelineItem(
    Guid Id, string? Number, string Function, string FunctionName, string Kind, string KindName, string Status, DateOnly Date, string Branch, string? Total, string? Currency, Guid? PartyId,
    IReadOnlyList<CustomerEvent> Events);

/// <summary>A page of the timeline, the latest first.</summary>
public sealed record CustomerTimelineAnswer(IReadOnlyList<CustomerTimelineItem> Items, string? Next);

/// <summary>One timeline over all functions: the documents of a customer and of all merged into it, with their steps.</summary>
/// <remarks>A page costs the same wherever it lies: it begins in the index of documents by party, day and id, once for each of the merged parties.</remarks>
internal static class CustomerTimeline
{
    private const int MostEvents = 20;

    /// <summary>The customer's own id and those of all merged into it.</summary>
    public static async Task<IReadOnlyList<Guid>> Aliases(Db db, Guid id, CancellationToken ct) =>
        [id, .. await db.Query($"select id from party where canonical_id = {id} order by id limit 100", row => row.Guid(0), ct)];

    /// <summary>A page.</summary>
    /// <param name="db">A session.</param>
    /// <param name="id">The customer.</param>
    /// <param name="functions">Codes of functions, or null for all.</param>
    /// <param name="after">Cursor of the page before.</param>
    /// <param name="limit">How many, 1 to 100.</param>
    /// <param name="catalogue">The functions.</param>
    /// <param name="viewer">Who reads: documents of functions and branches that they do not see are left out.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<Result<CustomerTimelineAnswer>> Read(
        Db db, Guid id, IReadOnlyList<string>? functions, string? after, int limit, FunctionCatalogue catalogue, Viewer viewer, CancellationToken ct)
    {
        if (limit is < 1 or > 100) return Refusals.LimitInvalid(100);
        (DateOnly Day, Guid Id)? from = null;
        if (!string.IsNullOrEmpty(after))
        {
            if (Cursor.Read(after)?.Split(' ') is not [var day, var last] || !DateOnly.TryParseExact(day, "yyyy-MM-dd", out var at) || !Guid.TryParse(last, out var key)) return Refusals.CursorInvalid();
            from = (at, key);
        }

        var seen = Seen(functions, catalogue, viewer);
        if (seen is null) return new CustomerTimelineAnswer([], null);
        var aliases = await Aliases(db, id, ct);
        Sql rest = from is { } start ? $" and (d.business_date, d.id) < ({start.Day}, {start.Id})" : Sql.Raw("");
        var sources = aliases.Select(alias => (Sql)$"select * from (select {Sql.Raw(Headers.Columns)} from document d where d.party_id = {alias} and {seen}{rest} order by d.business_date desc, d.id desc limit {limit + 1}) x{Sql.Raw(alias.ToString("N"))}")
            .Append((Sql)$"select * from (select {Sql.Raw(Headers.Columns)} from document d where d.id {Sql.List(aliases)} and {seen}{rest}) own");
        var headers = await db.Query($"select * from ({Sql.Join(" union all ", sources)}) d order by d.business_date desc, d.id desc limit {limit + 1}", row => Headers.Read(row), ct);
        var page = headers.Take(limit).ToList();
        var events = await Events(db, [.. page.Select(header => header.Id)], ct);
        var next = headers.Count > limit ? Cursor.Of($"{page[^1].BusinessDate:yyyy-MM-dd} {page[^1].Id:D}") : null;
        return new CustomerTimelineAnswer([.. page.Select(header => Item(header, catalogue, viewer, events))], next);
    }

    private static CustomerTimelineItem Item(Header header, FunctionCatalogue catalogue, Viewer viewer, ILookup<Guid, CustomerEvent> events)
    {
        var function = catalogue.Find(header.Function);
        var has = header.Total != 0 && header.Function != DirectoryFunction.FunctionCode;
        return new CustomerTimelineItem(
            header.Id, header.Number, header.Function, function?.Name ?? header.Function, header.Kind, function?.Kinds.FirstOrDefault(kind => kind.Code == header.Kind)?.Name ?? header.Kind, header.Status, header.BusinessDate,
            viewer.BranchCode(header.BranchId), has ? Shown.Money(header.Total, Currencies.Of(header.Currency).Exponent) : null, has ? header.Currency : null, header.PartyId,
            [.. events[header.Id].Take(MostEvents)]);
    }

    /// <summary>Which documents the reader may see; null for none at all.</summary>
    private static Sql? Seen(IReadOnlyList<string>? functions, FunctionCatalogue catalogue, Viewer viewer)
    {
        var tests = new List<Sql>();
        foreach (var function in catalogue.All.Where(function => functions is null || functions.Contains(function.Code) || functions.Contains(function.Module)))
        {
            var scope = viewer.Scope($"{function.Code}.view");
            if (scope.IsRefused) continue;
            tests.Add(function.CompanyWide || scope.Value.Filter is not { } branches ? (Sql)$"d.function = {function.Code}" : (Sql)$"(d.function = {function.Code} and d.branch_id {Sql.List(branches)})");
        }

        return tests.Count == 0 ? null : (Sql)$"({Sql.Join(" or ", tests)})";
    }

    private static async Task<ILookup<Guid, CustomerEvent>> Events(Db db, IReadOnlyList<Guid> documents, CancellationToken ct)
    {
        if (documents.Count == 0) return Array.Empty<(Guid Id, CustomerEvent Event)>().ToLookup(row => row.Id, row => row.Event);
        var rows = await db.Query($"""
            select e.object_id, e.at, coalesce(u.name, e.user_name), e.action, e.reason, e.reason_text from audit_event e left join app_user u on u.id = e.user_id
            where e.object_id {Sql.List(documents)} and e.outcome = 'done' and e.object_kind <> 'party' order by e.seq limit 2000
            """, row => (Id: row.Guid(0), Event: new CustomerEvent(row.Instant(1), row.Text(2), row.Text(3), row.TextOrNull(4), row.TextOrNull(5))), ct);
        return rows.ToLookup(row => row.Id, row => row.Event);
    }
}
