using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>A member at a till: what was asked of the database, and what the sale does to it.</summary>
public sealed class LoyaltyVisit
{
    private readonly Deferred<List<MemberRow>> member;
    private readonly Deferred<List<(Guid Member, Lot Lot)>> lots;
    private readonly Deferred<List<(DateOnly Day, long Eligible, long Earned)>> days;
    private readonly Deferred<List<(string Rule, long Points)>> given;
    private readonly TimeProvider clock;
    private MemberPoints? points;

    internal LoyaltyVisit(Db db, Guid party, DateOnly day, bool locked, TimeProvider clock)
    {
        this.clock = clock;
        Sql mine = $"(select m.id from loyalty_member m where m.active and m.party_id = (select coalesce(canonical_id, id) from party where id = {party}))";
        member = Members.OfParty(db, party, locked);
        lots = Members.LotsOfParty(db, party);
        days = db.Later($"select business_date, {Sql.Raw(Dialect.SumLong(db.Engine, "eligible"))}, {Sql.Raw(Dialect.SumLong(db.Engine, "earned"))} from loyalty_sale where member_id in {mine} group by business_date",
            row => (row.Date(0), row.Long(1), row.Long(2)));
        given = db.Later($"select rule, {Sql.Raw(Dialect.SumLong(db.Engine, "points"))} from loyalty_rule_points where member_id in {mine} and business_date = {day} group by rule", row => (row.Text(0), row.Long(1)));
    }

    /// <summary>Whether the customer is a member.</summary>
    public bool IsMember => member.Value.Count > 0;

    /// <summary>Code of the programme; empty without one.</summary>
    public string Programme => IsMember ? Row.Programme : "";

    internal MemberRow Row => member.Value[0];

    internal MemberPoints Points => points ??= new MemberPoints(Row.Id, Row.Programme, Row.Debt, lots.Value.Select(lot => lot.Lot), clock);

    internal Quantity Redeemed { get; set; }

    internal Money? Paid { get; set; }

    internal IReadOnlyDictionary<string, Quantity> GivenToday => given.Value.ToDictionary(row => row.Rule, row => new Quantity(row.Points), StringComparer.Ordinal);

    /// <summary>The terms in force on a day; null when there are none.</summary>
    internal LoyaltyProgrammeTerms? Terms(DateOnly day, Currency currency)
    {
        if (!IsMember || Row.Terms is not { } text) return null;
        var request = ProgrammeTerms.Read(text);
        return day < request.ValidFrom || day > request.ValidTo ? null : ProgrammeTerms.Of(request, currency).Value;
    }

    /// <summary>What the member has of the basis of a tier in its window, with a sale of today on top.</summary>
    internal Quantity Measured(LoyaltyTier tier, DateOnly on, Money eligible, Quantity earned) => Measured(days.Value, tier, on, eligible, earned);

    /// <summary>The same of days that were read elsewhere.</summary>
    internal static Quantity Measured(IEnumerable<(DateOnly Day, long Eligible, long Earned)> days, LoyaltyTier tier, DateOnly on, Money eligible, Quantity earned)
    {
        var from = tier.Window switch
        {
            TierWindow.CalendarYear => new DateOnly(on.Year, 1, 1),
            TierWindow.Lifetime => DateOnly.MinValue,
            _ => on.AddMonths(-tier.WindowMonths).AddDays(1),
        };
        var within = days.Where(day => day.Day >= from && day.Day <= on).ToList();
        return tier.Basis switch
        {
            TierBasis.Points => new Quantity(within.Sum(day => day.Earned)) + earned,
            TierBasis.Visits => Quantity.Of(within.Count(day => day.Eligible > 0 && day.Day != on) + (eligible.IsPositive || within.Exists(day => day.Day == on && day.Eligible > 0) ? 1 : 0)),
            _ => Majors(checked(within.Sum(day => day.Eligible) + eligible.Minor), eligible.Currency),
        };
    }

    /// <summary>The tier that the member holds, by its place.</summary>
    internal TierHeld? Held(LoyaltyProgrammeTerms terms) => Held(terms, Row.Tier, Row.TierUntil);

    /// <summary>The tier of a code, by its place in the terms; null when they have none of it.</summary>
    internal static TierHeld? Held(LoyaltyProgrammeTerms terms, string? code, DateOnly? until)
    {
        for (var place = 0; place < terms.Tiers.Count; place++)
            if (terms.Tiers[place].Code == code) return new TierHeld(place, until ?? DateOnly.MaxValue);
        return null;
    }

    /// <summary>Minor units as major units, in millionths.</summary>
    internal static Quantity Majors(long minor, Currency currency)
    {
        var unit = Quantity.One.Millionths;
        for (var left = currency.Exponent; left > 0; left--) unit /= 10;
        return new Quantity(checked(minor * unit));
    }
}
