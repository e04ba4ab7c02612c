using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>What customers bought, from the facts of sales.</summary>
/// <remarks>A sale that was reversed up to the day never was. What a merged party bought, the one that stands for it bought.</remarks>
internal static class SaleMeasures
{
    private const string Sale = "sale", Return = "return";

    /// <summary>The functions whose facts tell sales and returns of customers.</summary>
    private static readonly string[] Sellers = ["sales.point-of-sale"];

    /// <summary>Sales, returns and days.</summary>
    public static MeasureSource Bought { get; } = new("bought",
    [
        new("recencyDays", "Days since the last purchase", MeasureType.Integer, "recency_days"),
        new("orders", "Purchases", MeasureType.Integer, "orders", ZeroWithout: true),
        new("sales", "Sales", MeasureType.Money, "net", ZeroWithout: true),
        new("averageSale", "Average sale", MeasureType.Money, "average"),
        new("margin", "Margin", MeasureType.Money, "margin", ZeroWithout: true, Permission: "view-cost"),
        new("firstSale", "First purchase", MeasureType.Date, "first_on"),
        new("lastSale", "Last purchase", MeasureType.Date, "last_on"),
        new("returnRate", "Returned share of sales", MeasureType.Rate, "return_rate"),
        new("branches", "Branches bought at", MeasureType.Integer, "branches", ZeroWithout: true),
        new("channels", "Channels bought through", MeasureType.Integer, "channels", ZeroWithout: true),
    ],
    question => $"""
        select g.party_id, g.first_on, g.last_on, {question.DaysSince("g.last_on")} as recency_days, g.orders, g.net, g.net - g.cost as margin, g.branches, g.channels,
          {Divided("g.sold", "g.orders")} as average, {Divided("g.returned * 1000000", "g.sold")} as return_rate
        from (
          select s.party_id, min(case when s.kind = 'sale' then s.business_date end) as first_on, max(case when s.kind = 'sale' then s.business_date end) as last_on,
            {Sum(question, "case when s.kind = 'sale' then 1 else 0 end")} as orders, {Sum(question, "s.amount")} as net, {Sum(question, "s.cost")} as cost,
            {Sum(question, "case when s.kind = 'sale' then s.amount else 0 end")} as sold, {Sum(question, "case when s.kind = 'return' then -s.amount else 0 end")} as returned,
            count(distinct case when s.kind = 'sale' then s.branch_id end) as branches, count(distinct case when s.kind = 'sale' then s.channel end) as channels
          from ({Facts(question, "f.cost, f.branch_id, f.channel")}) s group by s.party_id
        ) g
        """);

    /// <summary>How many different things were bought.</summary>
    public static MeasureSource Variety { get; } = new("variety",
    [
        new("items", "Items bought", MeasureType.Integer, "items", ZeroWithout: true),
        new("categories", "Categories bought", MeasureType.Integer, "categories", ZeroWithout: true),
    ],
    question => $"""
        select s.party_id, count(distinct s.item_id) as items, count(distinct s.category_id) as categories
        from ({Facts(question, "f.item_id, f.category_id", lines: true)}) s where s.kind = 'sale' group by s.party_id
        """);

    /// <summary>Scores against all customers, by the model in force.</summary>
    public static MeasureSource Rfm { get; } = new("rfm",
    [
        new("rfmCell", "Cell of the grid", MeasureType.Text, "cell"),
        new("rfmRecency", "Score of recency", MeasureType.Integer, "r"),
        new("rfmFrequency", "Score of frequency", MeasureType.Integer, "f"),
        new("rfmMoney", "Score of money", MeasureType.Integer, "m"),
    ],
    RfmSql.Scores);

    /// <summary>What the model of value says of customers, as it was told last.</summary>
    public static MeasureSource Value { get; } = new("worth",
    [
        new("alive", "Chance that they are still a customer", MeasureType.Rate, "alive"),
        new("expectedValue", "Expected value", MeasureType.Money, "expected"),
    ],
    _ => $"select v.party_id, v.alive, v.expected from customer_value v");

    /// <summary>Sales and returns of customers up to the day, one row a document or line: <c>party_id, kind, business_date, amount</c> and what else is asked for.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="more">Further columns of the fact <c>f</c>, of our own text; empty for none.</param>
    /// <param name="lines">Whether lines are told.</param>
    /// <param name="after">Only days after this one; null for all.</param>
    /// <param name="party">Only this customer; null for all.</param>
    public static Sql Facts(MeasureQuestion question, string more = "", bool lines = false, DateOnly? after = null, Guid? party = null)
    {
        var columns = Sql.Raw(more.Length == 0 ? "" : $", {more}");
        var later = after is { } day ? (Sql)$" and f.business_date > {day}" : Sql.Raw("");
        var own = party is { } id ? (Sql)$" and (f.party_id = {id} or m.canonical_id = {id})" : Sql.Raw("");
        var grain = lines ? 1L : 0L;
        return $"""
            select coalesce(m.canonical_id, f.party_id) as party_id, f.kind, f.business_date, f.amount{columns}
            from fact f left join (select id, canonical_id from party where state = 'merged') m on m.id = f.party_id
            where f.function {Sql.List(Sellers)} and f.grain = {grain} and f.business_date <= {question.AsOf} and f.kind in ('{Sql.Raw(Sale)}', '{Sql.Raw(Return)}') and f.event = 'posted'
              and f.party_id is not null{later}{own} and not exists (select 1 from document u where u.reversal_of = f.document_id and u.business_date <= {question.AsOf})
            """;
    }

    /// <summary>A sum as an integer of 64 bits.</summary>
    public static Sql Sum(MeasureQuestion question, string expression) => Sql.Raw(Dialect.SumLong(question.Engine, expression));

    /// <summary>A quotient rounded half away from zero; null where there is nothing to divide by.</summary>
    private static Sql Divided(string over, string under) =>
        Sql.Raw($"case when {under} <= 0 then null when {over} >= 0 then (2 * {over} + {under}) / (2 * {under}) else -((2 * -({over}) + {under}) / (2 * {under})) end");
}
