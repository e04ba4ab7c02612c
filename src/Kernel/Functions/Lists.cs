using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Functions;

/// <summary>What a list was asked.</summary>
public sealed record ListRequest
{
    /// <summary>The words of an address that are no filters.</summary>
    public static ReadOnlySpan<string> Words => WordsOfAddress;

    private static readonly string[] WordsOfAddress = ["limit", "after", "sort", "from", "to", "q", "total", "fields", "format"];

    /// <summary>Rows of a page, 1 to <see cref="Lists.MostRows"/>.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>The cursor of the page before.</summary>
    public string? After { get; init; }

    /// <summary>A sortable column, with a minus for the greatest first.</summary>
    public string Sort { get; init; } = Lists.DefaultSort;

    /// <summary>First business day.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last business day, included.</summary>
    public DateOnly? To { get; init; }

    /// <summary>The beginning of a number.</summary>
    public string? Q { get; init; }

    /// <summary>Whether to count all rows.</summary>
    public bool Total { get; init; }

    /// <summary>Keys of the columns wanted, separated by commas, in their order; null for all that the reader may see.</summary>
    public string? Fields { get; init; }

    /// <summary>Filters by the keys of columns and of dimensions that are no columns; several values are separated by commas.</summary>
    public IReadOnlyDictionary<string, string> Filters { get; init; } = new Dictionary<string, string>();
}

/// <summary>One row of a list.</summary>
/// <param name="Id">Document.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Status">Status.</param>
/// <param name="Version">Version.</param>
/// <param name="BranchId">Branch.</param>
/// <param name="Currency">The currency of its money.</param>
/// <param name="PartyId">Whom it concerns.</param>
/// <param name="Cells">Raw values in the order of the columns.</param>
public sealed record ListRow(Guid Id, string Kind, string Status, long Version, Guid BranchId, string Currency, Guid? PartyId, object?[] Cells);

/// <summary>A page of a list.</summary>
/// <param name="Columns">The columns of the cells.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Next">Cursor of the next page; null at the end.</param>
/// <param name="Total">How many rows there are in all, when it was asked.</param>
public sealed record ListPage(IReadOnlyList<ColumnDeclaration> Columns, IReadOnlyList<ListRow> Rows, string? Next, long? Total);

/// <summary>A whole list on its way to a file: rows that are read once and never held all at once.</summary>
/// <param name="Columns">The columns of the cells.</param>
/// <param name="Count">How many rows there are.</param>
/// <param name="Currency">The one currency of all rows; null when they have several, or there is none.</param>
/// <param name="Rows">The rows.</param>
public sealed record ListRows(IReadOnlyList<ColumnDeclaration> Columns, long Count, string? Currency, IAsyncEnumerable<ListRow> Rows);

/// <summary>The list of every function, made from its description.</summary>
/// <remarks>
/// Pages follow one another by the value sorted by and the id, not by counting rows: each row is visited once even while others
/// are added, and the thousandth page costs what the first does. Orders without an index of their own are bounded by a range of days.
/// </remarks>
public static class Lists
{
    /// <summary>The most rows of a page.</summary>
    public const int MostRows = 200;

    /// <summary>The latest first.</summary>
    public const string DefaultSort = "-businessDate";

    private const int FixedColumns = 8;

    /// <summary>Reads a page.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="function">The function.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="viewer">Who asks; needs <c>view</c> of the function and sees the branches where it is held.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused with <c>PERMISSION_DENIED</c>, <c>LIMIT_INVALID</c>, <c>SORT_UNKNOWN</c>, <c>SORT_NEEDS_RANGE</c>, <c>FILTER_UNKNOWN</c>,
    /// <c>FILTER_INVALID</c>, <c>FIELD_UNKNOWN</c> or <c>CURSOR_INVALID</c>.</returns>
    public static async Task<Result<ListPage>> Page(Db db, Function function, ListRequest request, Viewer viewer, CancellationToken ct = default)
    {
        if (request.Limit is < 1 or > MostRows) return Refusals.LimitInvalid(MostRows);
        var scope = viewer.Scope($"{function.Code}.view", request.Filters.GetValueOrDefault("branch"));
        return scope.IsRefused ? scope.Refusal : await Read(db, function, request, scope.Value, viewer, ct);
    }

    /// <summary>Reads all rows for a file, one by one.</summary>
    /// <param name="db">A session that sees one moment, and does nothing else until the rows are read.</param>
    /// <param name="function">The function.</param>
    /// <param name="request">What was asked; limit, cursor and count do not matter.</param>
    /// <param name="viewer">Who asks; needs <c>export</c> at each branch whose rows are told, see <see cref="Viewer.ExportScope"/>.</param>
    /// <param name="most">How many rows the file takes.</param>
    /// <param name="format">Which file.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused as <see cref="Page"/>, and with <c>EXPORT_TOO_LARGE</c> before a row is read.</returns>
    public static async Task<Result<ListRows>> Stream(Db db, Function function, ListRequest request, Viewer viewer, int most, string format, CancellationToken ct = default)
    {
        var scope = viewer.ExportScope(function, request.Filters.GetValueOrDefault("branch"));
        if (scope.IsRefused) return scope.Refusal;
        var planned = Plan(db.Engine, function, request with { After = null }, scope.Value, viewer, toFile: true);
        if (planned.IsRefused) return planned.Refusal;
        var plan = planned.Value;
        var (count, least, greatest) = await db.First($"""
            select count(*), min(currency), max(currency) from (select d.currency {plan.Counted} where {plan.Where} limit {most + 1}) as counted
            """, row => (row.Long(0), row.TextOrNull(1), row.TextOrNull(2)), ct);
        if (count > most) return Refusals.ExportTooLarge(most, format);
        return new ListRows(plan.Columns, count, least == greatest ? least : null, db.Stream(plan.Rows(plan.Where, null), row => Read(row, plan.Columns), ct));
    }

    private static async Task<Result<ListPage>> Read(Db db, Function function, ListRequest request, BranchScope scope, Viewer viewer, CancellationToken ct)
    {
        var planned = Plan(db.Engine, function, request, scope, viewer);
        if (planned.IsRefused) return planned.Refusal;
        var plan = planned.Value;
        var reading = db.Later<(ListRow Row, object Sort)>(plan.Rows(plan.Page, request.Limit + 1), row => (Read(row, plan.Columns), ListColumns.Read(row, FixedColumns - 1, plan.Sort.Type)!));
        var total = request.Total ? db.Later($"select count(*) {plan.Counted} where {plan.Where}", row => row.Long(0)) : null;
        await db.Flush(ct);

        var rows = reading.Value;
        var more = rows.Count > request.Limit;
        if (more) rows.RemoveAt(rows.Count - 1);
        var next = more ? new ListCursor(request.Sort, ListCursor.Write(rows[^1].Sort), rows[^1].Row.Id).ToText() : null;
        return new ListPage(plan.Columns, [.. rows.Select(row => row.Row)], next, total?.Value[0]);
    }

    /// <summary>A list that was asked for properly.</summary>
    private sealed record ListPlan(
        IReadOnlyList<ColumnDeclaration> Columns, ColumnDeclaration Sort, Sql Where, Sql Page, string Sorted, string Direction, Sql Source, Sql Counted, bool SortsHeader)
    {
        /// <summary>The rows in order; null takes them all.</summary>
        public Sql Rows(Sql where, int? limit)
        {
            var shown = string.Concat(Columns.Select(column => ", " + ListColumns.Shown(column)));
            var order = Sql.Raw($"{Sorted}{Direction}, d.id{Direction}");
            if (limit is { } first && SortsHeader) where = $"d.id in (select d.id from document d where {where} order by {order} limit {first})";
            var most = limit is { } count ? (Sql)$" limit {count}" : Sql.Raw("");
            return $"""
                select d.id, d.kind, d.status, d.version, d.branch_id, d.currency, d.party_id, {Sql.Raw(Sorted)}{Sql.Raw(shown)}
                {Source} where {where} order by {order}{most}
                """;
        }
    }

    private static Result<ListPlan> Plan(Engine engine, Function function, ListRequest request, BranchScope scope, Viewer viewer, bool toFile = false)
    {
        bool May(string action) => viewer.MayAtAll($"{function.Code}.{action}", scope);
        var all = ListColumns.Of(function, May);
        if (toFile) all = [.. all.Where(column => column.ExportPermission is not { } needed || May(needed))];
        var chosen = Chosen(all, request.Fields);
        if (chosen.IsRefused) return chosen.Refusal;

        var descending = request.Sort.StartsWith('-');
        var key = descending ? request.Sort[1..] : request.Sort;
        if (all.FirstOrDefault(column => column.Key == key && column.Sortable) is not { } sort) return Refusals.SortUnknown(key);
        if (!ListColumns.IsIndexed(sort) && !IsBounded(request)) return Refusals.SortNeedsRange(key);

        var filters = Filters(engine, function, request, scope, all, viewer, toFile);
        if (filters.IsRefused) return filters.Refusal;
        var where = filters.Value;
        var sorted = ListColumns.Sorted(sort, engine);
        // Rows found by the beginning of a number are few and are sorted as they are found; the order by date would read all days for them.
        if (!string.IsNullOrWhiteSpace(request.Q) && sorted == "d.business_date") sorted = engine == Engine.Postgres ? "(d.business_date + 0)" : "+d.business_date";
        var page = where;
        if (!string.IsNullOrEmpty(request.After))
        {
            if (ListCursor.Parse(request.After, request.Sort) is not { } cursor || cursor.Read(sort.Type) is not { } value) return Refusals.CursorInvalid();
            page = $"{where} and ({Sql.Raw(sorted)}, d.id) {Sql.Raw(descending ? "<" : ">")} ({value}, {cursor.Id})";
        }

        var source = Sql.Raw($"from document d{ListColumns.HeaderSource} {function.ListSource}");
        // Filters may name columns of the function's own source; without them the header's index alone is counted, and sorted when no index has the order.
        var ofHeader = !request.Filters.Keys.Any(filter => function.Columns.Any(column => column.Key == filter));
        return new ListPlan(chosen.Value, sort, where, page, sorted, descending ? " desc" : "", source, ofHeader ? Sql.Raw("from document d") : source,
            ofHeader && !ListColumns.IsIndexed(sort) && sort.Sql.StartsWith("d.", StringComparison.Ordinal));
    }

    private static Result<IReadOnlyList<ColumnDeclaration>> Chosen(IReadOnlyList<ColumnDeclaration> all, string? fields)
    {
        if (string.IsNullOrWhiteSpace(fields)) return Result.Of(all);
        var chosen = new List<ColumnDeclaration>();
        foreach (var key in fields.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (all.FirstOrDefault(column => column.Key == key) is not { } column) return Refusals.FieldUnknown(key);
            if (!chosen.Contains(column)) chosen.Add(column);
        }

        return Result.Of<IReadOnlyList<ColumnDeclaration>>(chosen);
    }

    private static bool IsBounded(ListRequest request) =>
        request is { From: { } from, To: { } to } && to.DayNumber - from.DayNumber < Refusals.LongestSortedDays;

    private static Result<Sql> Filters(
        Engine engine, Function function, ListRequest request, BranchScope scope, IReadOnlyList<ColumnDeclaration> columns, Viewer viewer, bool toFile)
    {
        var number = Sql.Raw(ListColumns.Number(engine));
        var tests = new List<Sql> { $"d.function = {function.Code}" };
        if (scope.Filter is { } branches && !(function.CompanyWide && !toFile && string.IsNullOrWhiteSpace(request.Filters.GetValueOrDefault("branch")))) tests.Add($"d.branch_id {Sql.List(branches)}");
        if (request.From is { } from) tests.Add($"d.business_date >= {from}");
        if (request.To is { } to) tests.Add($"d.business_date <= {to}");
        if (request.Q?.Trim().ToUpperInvariant() is { Length: > 0 } q)
        {
            Sql begins = $"{number} >= {q} and {number} < {q + "\uFFFD"}";
            tests.Add(function.FoundBy(request.Q) is { } more ? $"(({begins}) or {more})" : begins);
        }

        var facts = new List<Sql>();
        foreach (var (key, text) in request.Filters)
        {
            if (key == "branch") continue;
            if (columns.FirstOrDefault(column => column.Key == key && column.Filterable) is not { } column)
            {
                if (columns.Any(other => other.Key == key) || Dimension.Find(function, key) is not { Key: not "weekday" } dimension) return Refusals.FilterUnknown(key);
                var values = dimension.Values(text);
                if (values.IsRefused) return values.Refusal;
                facts.Add($"{Sql.Raw(FactColumns.InFact(dimension.Column))} {values.Value}");
                if (dimension.OfLines) facts.Add($"grain = 1");
                continue;
            }

            var exponent = Reporting.Shown.Exponent(request.Filters.GetValueOrDefault("currency"), viewer.Organisation.Company.Currency);
            var test = ListColumns.Filter(column, text, exponent);
            if (test.IsRefused) return test.Refusal;
            tests.Add(test.Value);
        }

        // What only lines know, such as the item, is asked of the facts that the document has written.
        if (facts.Count > 0) tests.Add($"exists (select 1 from fact where document_id = d.id and {Sql.Join(" and ", facts)})");
        return Sql.Join(" and ", tests);
    }

    private static ListRow Read(Row row, IReadOnlyList<ColumnDeclaration> columns)
    {
        var cells = new object?[columns.Count];
        for (var at = 0; at < cells.Length; at++) cells[at] = ListColumns.Read(row, FixedColumns + at, columns[at].Type);
        return new ListRow(row.Guid(0), row.Text(1), row.Text(2), row.Long(3), row.Guid(4), row.Text(5), row.GuidOrNull(6), cells);
    }
}
