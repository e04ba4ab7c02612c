using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>Histories of purchases as the models see them, as <see cref="Segments.Rfm.History"/> reckons them one by one.</summary>
internal static class ValueSql
{
    /// <summary>One row a customer with a sale: <c>party_id, repeats, last_days, age_days, repeat_net</c>.</summary>
    /// <param name="question">As of when.</param>
    /// <param name="party">Only this customer; null for all.</param>
    public static Sql Histories(MeasureQuestion question, Guid? party = null) => $"""
        select g.party_id, g.days - 1 as repeats, {question.DaysSince("g.first_on")} - {question.DaysSince("g.last_on")} as last_days, {question.DaysSince("g.first_on")} as age_days, g.repeat_net
        from (
          select d.party_id, count(*) as days, min(d.business_date) as first_on, max(d.business_date) as last_on, {SaleMeasures.Sum(question, "case when d.business_date > d.first_on then d.net else 0 end")} as repeat_net
          from (
            select s.party_id, s.business_date, sum(s.amount) as net, min(s.business_date) over (partition by s.party_id) as first_on
            from ({SaleMeasures.Facts(question, party: party)}) s where s.kind = 'sale' group by s.party_id, s.business_date
          ) d group by d.party_id
        ) g
        """;

    /// <summary>What stands in for expected values: <c>party_id, cell, trailing, kept</c>, the net sales of the last 12 months and the share of the cell that stayed in millionths.</summary>
    /// <remarks>Who was in the cell a year ago and bought since has stayed; of a cell that nobody was in a year ago, all are taken to stay.</remarks>
    public static Sql Fallback(MeasureQuestion question)
    {
        var before = question with { AsOf = question.AsOf.AddMonths(-12) };
        return $"""
            select t.party_id, coalesce(c.cell, '') as cell, t.net as trailing, coalesce(k.kept, 1000000) as kept
            from (select s.party_id, {SaleMeasures.Sum(question, "s.amount")} as net from ({SaleMeasures.Facts(question, after: before.AsOf)}) s group by s.party_id) t
            left join ({RfmSql.Scores(question)}) c on c.party_id = t.party_id
            left join (
              select o.cell, (2000000 * count(y.party_id) + count(*)) / (2 * count(*)) as kept from ({RfmSql.Scores(before)}) o
              left join (select distinct s.party_id from ({SaleMeasures.Facts(question, after: before.AsOf)}) s where s.kind = 'sale') y on y.party_id = o.party_id group by o.cell
            ) k on k.cell = c.cell
            """;
    }
}
