using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>Sales or payments summed by day, shift, person and channel, with those that are not summed yet.</summary>
/// <remarks>
/// A filter by party, category or item is one that the sums do not know: then the documents of the range are read, in the same columns.
/// Amounts in minor units, units in millionths.
/// </remarks>
internal sealed class SaleSums
{
    private const string Watermark = "pos-sale";

    private const string OfSale = "join pos_sale s on s.document_id = d.id join document o on o.id = coalesce(d.reversal_of, d.id)";

    private const string Booked = "d.function = 'sales.point-of-sale' and d.kind in ('sale', 'return') and d.posted_at is not null";

    private const string OfFact = "f.function = 'sales.point-of-sale' and f.grain = 0 and f.kind in ('sale', 'return') and f.event in ('posted', 'reversed')";

    private const string Timed = "d.reversal_of is null and d.kind = 'sale' and s.seconds > 0";

    /// <summary>A receipt's number behind its sequence, in 13 digits that sort as the sequence does; null without a sequence.</summary>
    private const string Receipt = "cast(1000000000000 + s.receipt_seq as text) || d.number";

    /// <summary>Sales and their reversals, told by who rang them up.</summary>
    public static readonly SaleSums Sales = new("pos_sale_day", OfSale, "d.session_id", "o.posted_by", [],
        [("count", "1"), ("net", "s.gross - s.discount"), ("timed_units", $"case when {Timed} then s.units else 0 end"), ("seconds", $"case when {Timed} then s.seconds else 0 end"), ("overrides", "s.overrides")],
        [("first_receipt", "min", Receipt), ("last_receipt", "max", Receipt)]);

    /// <summary>Payments of sales and of their reversals, told by who posted the document.</summary>
    public static readonly SaleSums Tenders = new("pos_tender_day", OfSale + " join pos_tender t on t.document_id = d.id", "t.session_id", "d.posted_by", [("method", "t.method")],
        [("count", "1"), ("amount", "t.amount"), ("change", "t.change")], []);

    /// <summary>What the kernel fills in the background.</summary>
    public static FunctionSums Declared { get; } = new(Watermark, [Sales.table, Tenders.table], (engine, after, upTo) => [Sales.Add(engine, after, upTo), Tenders.Add(engine, after, upTo)]);

    private readonly string table, rest, user;
    private readonly IReadOnlyList<(string Column, string Value)> keys, figures;
    private readonly IReadOnlyList<(string Column, string Of, string Value)> ends;

    private SaleSums(
        string table, string rest, string session, string user, IReadOnlyList<(string, string)> more, IReadOnlyList<(string, string)> figures, IReadOnlyList<(string, string, string)> ends)
    {
        (this.table, this.rest, this.user, this.figures, this.ends) = (table, rest, user, figures, ends);
        keys =
        [
            ("business_date", "d.business_date"), ("branch_id", "d.branch_id"), ("session_id", $"coalesce(cast({session} as text), '')"), ("user_id", user), ("channel", "d.source_channel"),
            ("kind", "d.kind"), ("mirror", "case when d.reversal_of is null then 0 else 1 end"), .. more,
        ];
    }

    /// <summary>A table expression with the keys and figures of the range that a report was asked for, as it was narrowed.</summary>
    public Sql Of(ReportCall call) => Of(call,
        $"business_date >= {call.From} and business_date <= {call.To}", $"d.business_date >= {call.From} and d.business_date <= {call.To}", ofUser: true);

    /// <summary>A table expression with the keys and figures of some shifts.</summary>
    /// <param name="call">What further narrows it; its range and its users do not.</param>
    /// <param name="shifts">A table, named before, with the shifts as <c>id</c>.</param>
    public Sql OfShifts(ReportCall call, string shifts) => Of(call,
        Sql.Raw($"session_id in (select cast(id as text) from {shifts})"), Sql.Raw($"d.session_id in (select id from {shifts})"), ofUser: false);

    /// <summary>The same of shifts with nothing that narrows it.</summary>
    public Sql OfShifts(Db db, string shifts) => Behind(db.Engine,
        Sql.Raw($"session_id in (select cast(id as text) from {shifts})"), Sql.Raw($"d.session_id in (select id from {shifts})"));

    /// <summary>The law that the sums are those of the documents whose facts are behind the watermark, as a statement that finds violations.</summary>
    public Sql Violations()
    {
        var kept = string.Join(", ", figures.Concat(ends.Select(end => (end.Column, end.Value))).Select(one => one.Item1));
        var plain = string.Join(", ", keys.Select(key => $"{key.Value} as {key.Column}").Concat(figures.Select(figure => $"-({figure.Value})")).Concat(ends.Select(end => end.Value)));
        var differ = figures.Select(figure => $"sum({figure.Column}) <> 0")
            .Concat(ends.Select(end => $"coalesce(max(case when plain = 0 then {end.Column} end), '') <> coalesce({end.Of}(case when plain = 1 then {end.Column} end), '')"));
        return Sql.Raw($"""
            select {Keys}, {string.Join(", ", figures.Select(figure => $"sum({figure.Column}) as {figure.Column}"))} from (
              select 0 as plain, {Keys}, {kept} from {table}
              union all
              select 1, {plain} from fact f join document d on d.id = f.document_id {rest} where f.tx <= (select tx from watermark where name = '{Watermark}') and {OfFact}
            ) as compared group by {Keys} having {string.Join(" or ", differ)}
            """);
    }

    private string Keys => string.Join(", ", keys.Select(key => key.Column));

    private Sql Of(ReportCall call, Sql ofSums, Sql ofDocuments, bool ofUser)
    {
        Sql narrowed = $"{ofDocuments} and {ReportScope.Of(call, ofUser ? user : null)}";
        return call.Filters.Keys.Any(filter => filter is "party" or "category" or "item")
            ? $"(select {Values} from document d {Sql.Raw(rest)} where {Sql.Raw(Booked)} and {narrowed})"
            : Behind(call.Db.Engine, $"{ofSums} and {ReportScope.OfSums(call, ofUser)}", narrowed);
    }

    private Sql Behind(Engine engine, Sql ofSums, Sql ofDocuments)
    {
        var columns = Sql.Raw(string.Join(", ", [Keys, .. figures.Select(figure => figure.Column), .. ends.Select(end => end.Column)]));
        return $"""
            (select {columns} from {Sql.Raw(table)} where {ofSums}
            union all select {Values} from {Sql.Raw(Tail(engine))} {Sql.Raw(rest)} where {Sql.Raw(OfFact)} and {ofDocuments})
            """;
    }

    private Sql Values => Sql.Raw(string.Join(", ", keys.Concat(figures).Concat(ends.Select(end => (end.Column, end.Value))).Select(one => $"{one.Item2} as {one.Item1}")));

    /// <summary>Documents whose facts are after the watermark. Both engines are made to begin with these few: from the days of the range they would read it whole.</summary>
    private static string Tail(Engine engine)
    {
        const string fresh = $"select document_id, function, grain, kind, event from fact where tx > (select tx from watermark where name = '{Watermark}')";
        // Between two bounds PostgreSQL expects few rows where it knows nothing; of one it expects a third of the table, and would read all documents.
        return engine == Engine.Postgres
            ? $"({fresh} and tx < 9223372036854775807 offset 0) as f join document d on d.id = f.document_id"
            : $"({fresh} limit -1) as f cross join document d on d.id = f.document_id";
    }

    /// <summary>Adds the documents of the facts after one <c>tx</c> up to another.</summary>
    private Sql Add(Engine engine, long after, long upTo)
    {
        var columns = figures.Select(figure => figure.Column).Concat(ends.Select(end => end.Column));
        var sums = figures.Select(figure => Exact.Sum(engine, figure.Value)).Concat(ends.Select(end => $"{end.Of}({end.Value})"));
        var adding = figures.Select(figure => $"{figure.Column} = {Exact.Add(engine, $"{table}.{figure.Column}", $"excluded.{figure.Column}")}")
            .Concat(ends.Select(end => $"{end.Column} = case when {table}.{end.Column} is null or excluded.{end.Column} {(end.Of == "min" ? "<" : ">")} {table}.{end.Column} then excluded.{end.Column} else {table}.{end.Column} end"));
        return $"""
            {Sql.Raw($"insert into {table} ({Keys}, {string.Join(", ", columns)}) select {string.Join(", ", keys.Select(key => key.Value).Concat(sums))} from fact f join document d on d.id = f.document_id {rest}")}
            where f.tx > {after} and f.tx <= {upTo} and {Sql.Raw(OfFact)}
            {Sql.Raw($"group by {string.Join(", ", Enumerable.Range(1, keys.Count))} on conflict ({Keys}) do update set {string.Join(", ", adding)}")}
            """;
    }
}
