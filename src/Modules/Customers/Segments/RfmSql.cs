using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>Recency, frequency and money of all customers in one statement, as <see cref="Rfm"/> reckons them one by one.</summary>
internal static class RfmSql
{
    /// <summary>One row a customer with a sale in the window: <c>party_id, recency_days, days, net, r, f, m, fm, cell</c>.</summary>
    /// <remarks>A rank less one is the number of customers with a strictly worse value, so equal values have equal scores; tiles of equal size would part them.</remarks>
    public static Sql Scores(MeasureQuestion question)
    {
        var model = question.Rfm;
        var score = model.Bands is { } bands && model.Scoring == RfmScoring.Bands
            ? Sql.Join(", ", [Banded("w.recency_days", "<=", bands.RecencyDays.Select(limit => (long)limit), "r"),
                Banded("w.days", ">=", bands.PurchaseDays.Select(limit => (long)limit), "f"), Banded("w.net", ">=", bands.NetMinor, "m")])
            : Sql.Join(", ", [Ranked(model.Bins, "w.last_on", "r"), Ranked(model.Bins, "w.days", "f"), Ranked(model.Bins, "w.net", "m")]);
        return $"""
            select c.party_id, c.recency_days, c.days, c.net, c.r, c.f, c.m, c.fm, {Cell(model)} as cell from (
              select v.party_id, v.recency_days, v.days, v.net, v.r, v.f, v.m, (v.f + v.m + 1) / 2 as fm from (
                select w.party_id, w.recency_days, w.days, w.net, {score} from ({Figures(question)}) w
              ) v
            ) c
            """;
    }

    /// <summary>One row a customer with a sale in the window: <c>party_id, last_on, recency_days, days, net</c>.</summary>
    private static Sql Figures(MeasureQuestion question) => $"""
        select g.party_id, g.last_on, {question.DaysSince("g.last_on")} as recency_days, g.days, g.net from (
          select s.party_id, max(case when s.kind = 'sale' then s.business_date end) as last_on, count(distinct case when s.kind = 'sale' then s.business_date end) as days,
            {SaleMeasures.Sum(question, "s.amount")} as net
          from ({SaleMeasures.Facts(question, after: question.AsOf.AddMonths(-question.Rfm.WindowMonths))}) s group by s.party_id
        ) g where g.days > 0
        """;

    private static Sql Ranked(int bins, string column, string name) =>
        $"1 + {(long)bins} * (rank() over (order by {Sql.Raw(column)}) - 1) / count(*) over () as {Sql.Raw(name)}";

    private static Sql Banded(string column, string reaches, IEnumerable<long> limits, string name) =>
        $"1 + {Sql.Join(" + ", limits.Select(limit => (Sql)$"case when {Sql.Raw(column)} {Sql.Raw(reaches)} {limit} then 1 else 0 end"))} as {Sql.Raw(name)}";

    private static Sql Cell(RfmModel model) => model.Grid.Count == 0 ? Sql.Raw("''") : (Sql)$"""
        case {Sql.Join(" ", model.Grid.Select(cell => (Sql)$"when c.r between {(long)cell.RFrom} and {(long)cell.RTo} and c.fm between {(long)cell.FmFrom} and {(long)cell.FmTo} then {cell.Name}"))} else '' end
        """;
}
