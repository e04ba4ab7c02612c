using Plug1.Kernel.Ledger;

namespace Plug1.Customers.Loyalty;

/// <summary>The account roles of loyalty: points in the unit of their programme, and the money that stands behind them.</summary>
internal static class LoyaltyAccounts
{
    /// <summary>Points that a member can use; subject is the member. Kept under lock; below zero it is a debt.</summary>
    public static readonly AccountRole Member = new("PointsMember", "holding", Guarded: true);

    /// <summary>Points that a member cannot use yet; subject is the member.</summary>
    public static readonly AccountRole Pending = new("PointsPending", "holding", Guarded: true);

    /// <summary>Points given; subject is the programme.</summary>
    public static readonly AccountRole Issued = new("PointsIssued", "holding");

    /// <summary>Points used; subject is the programme.</summary>
    public static readonly AccountRole Redeemed = new("PointsRedeemed", "holding");

    /// <summary>Points lapsed; subject is the programme.</summary>
    public static readonly AccountRole Expired = new("PointsExpired", "holding");

    /// <summary>Revenue that belongs to points given; subject is the programme.</summary>
    public static readonly AccountRole Deferral = new("LoyaltyDeferral", "income", Contra: true);

    /// <summary>What is owed for points; subject is the programme and the month of issue.</summary>
    public static readonly AccountRole Liability = new("LoyaltyLiability", "liability");

    /// <summary>Revenue of points as they are used; subject is the programme.</summary>
    public static readonly AccountRole Release = new("LoyaltyRelease", "income");

    /// <summary>All with their accounts in a new chart.</summary>
    public static readonly IReadOnlyList<(AccountRole Role, string Gl, string Name, string Group)> Chart =
    [
        (Liability, "2310", "Loyalty points outstanding", "customer-liabilities"),
        (Deferral, "4310", "Loyalty deferral", "revenue"),
        (Release, "4320", "Loyalty points used and lapsed", "revenue"),
        (Member, "9500", "Points of members", "holdings"),
        (Pending, "9510", "Points pending", "holdings"),
        (Issued, "9520", "Points issued", "holdings"),
        (Redeemed, "9530", "Points redeemed", "holdings"),
        (Expired, "9540", "Points expired", "holdings"),
    ];

    /// <summary>The ledger unit of a programme.</summary>
    public static string Unit(string programme) => $"PTS:{programme}";

    /// <summary>The account that points of a member stand on.</summary>
    public static AccountKey Of(string programme, Guid member, bool pending = false) => new(pending ? Pending : Member, Unit(programme), member.ToString("D"));

    /// <summary>An account of a programme as a whole.</summary>
    public static AccountKey Of(AccountRole role, string programme) => new(role, Unit(programme), programme);

    /// <summary>What is owed for the points of a month.</summary>
    public static AccountKey Cohort(string currency, string programme, DateOnly month) =>
        new(Liability, currency, $"{programme}/{month.Year:0000}-{month.Month:00}");
}
