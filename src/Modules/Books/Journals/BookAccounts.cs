using Microsoft.Extensions.DependencyInjection;
using Plug1.Kernel;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Journals;

/// <summary>An account of the statements as journals see it.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Kind">asset, liability, equity, income or expense.</param>
/// <param name="Group">Its group on statements.</param>
/// <param name="Active">Whether it is in use.</param>
/// <param name="Role">The role under which a line by hand is booked, so that it stands beside what functions post.</param>
/// <param name="Subject">party, method, branch or none.</param>
/// <param name="ByHand">Whether it takes entries by hand at all.</param>
internal sealed record BookAccount(string Code, string Name, string Kind, string Group, bool Active, AccountRole Role, string Subject, bool ByHand);

/// <summary>Says which accounts may be booked by hand, and under which role.</summary>
/// <remarks>
/// What is kept under lock with its quantity or its holder (stock, gift cards) and what is proved by a count (drawers) is left to the functions
/// that keep it. Open items are booked only with the party whose they are. An account that no function posts to is booked under
/// <see cref="AccountRoles.ByHand"/>.
/// </remarks>
internal sealed class BookAccounts(IServiceProvider services)
{
    /// <summary>The role by which the close of a year books on the accounts that it closes.</summary>
    public static readonly AccountRole YearEnd = new("YearEnd", "");

    /// <summary>What branches owe each other for journals over several of them; subject is the branch. Over all branches it is zero.</summary>
    public static readonly AccountRole BranchClearing = new("BranchClearing", "asset");

    /// <summary>Results of closed years.</summary>
    public static readonly AccountRole RetainedSurplus = new("RetainedSurplus", "equity");

    private readonly Lazy<IReadOnlyDictionary<string, AccountRole>> roles = new(() => AccountRoles.Chart
        .Concat(services.GetRequiredService<FunctionCatalogue>().All.SelectMany(function => function.Accounts)).Select(row => row.Role)
        .DistinctBy(role => role.Code).Append(AccountRoles.ByHand).ToDictionary(role => role.Code, StringComparer.Ordinal));

    /// <summary>A role that a line was stored with.</summary>
    public AccountRole RoleOf(string code) => roles.Value.TryGetValue(code, out var role) ? role : throw new InvariantBrokenException($"The role {code} is unknown.");

    /// <summary>The accounts of the statements by code, with the next flush.</summary>
    public Deferred<List<(string Code, string Name, string Kind, string Group, bool Active, string Role)>> Ask(Db db) => db.Later($"""
        select g.code, g.name, g.kind, g.account_group, g.active, coalesce(r.role, '') from gl_account g
        left join (select distinct gl_code, role from account_rule) r on r.gl_code = g.code
        where g.kind {Sql.List(AccountKinds.Money)} order by g.code, r.role
        """, row => (row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Bool(4), row.Text(5)));

    /// <summary>Reads the answer of <see cref="Ask"/>.</summary>
    public IReadOnlyDictionary<string, BookAccount> Read(Deferred<List<(string Code, string Name, string Kind, string Group, bool Active, string Role)>> asked) =>
        asked.Value.GroupBy(row => row.Code, StringComparer.Ordinal).ToDictionary(rows => rows.Key, rows =>
        {
            var of = rows.First();
            var mapped = rows.Where(row => row.Role.Length > 0).Select(row => roles.Value.GetValueOrDefault(row.Role) ?? new AccountRole(row.Role, of.Kind, Guarded: true)).ToList();
            var subject = mapped.Select(SubjectOf).FirstOrDefault(kind => kind != "none") ?? "none";
            var role = mapped.Find(one => SubjectOf(one) == subject) ?? AccountRoles.ByHand;
            return new BookAccount(of.Code, of.Name, of.Kind, of.Group, of.Active, role, subject, mapped.TrueForAll(IsByHand));
        }, StringComparer.Ordinal);

    private static bool IsByHand(AccountRole role) => !role.Guarded && role != AccountRoles.CashDrawer && role != BranchClearing;

    private static string SubjectOf(AccountRole role) =>
        role.OpenItem ? "party" : role == AccountRoles.Safe ? "branch" : role == AccountRoles.CardClearing || role == AccountRoles.MobileClearing ? "method" : "none";
}
