using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Ledger;

/// <summary>An account of the chart as the API tells it.</summary>
public sealed record GlAccountView(string Code, string Name, string Kind, bool Contra, string Group, bool Active, long Version);

/// <summary>What is entered of an account of the chart.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Kind">asset, liability, equity, income, expense, location, holding or memorandum.</param>
/// <param name="Contra">Whether it lowers the group it stands in.</param>
/// <param name="Group">Group on statements.</param>
/// <param name="Active">Whether roles may be mapped to it.</param>
public sealed record GlAccountWrite(string Code, string Name, string Kind, bool Contra = false, string Group = "", bool Active = true);

/// <summary>Which account of the chart a role is booked on; its id is <c>role:branch:category</c>, the last two empty for all.</summary>
public sealed record AccountRuleView(string Id, string Role, Guid? BranchId, Guid? CategoryId, string Account, long Version);

/// <summary>What is entered of a mapping.</summary>
/// <param name="Role">Account role.</param>
/// <param name="Account">Code of the account of the chart; of the role's kind.</param>
/// <param name="BranchId">Only for this branch, or null.</param>
/// <param name="CategoryId">Only for this category of items, or null.</param>
public sealed record AccountRuleWrite(string Role, string Account, Guid? BranchId = null, Guid? CategoryId = null);

/// <summary>The chart of accounts.</summary>
public sealed class GlAccountMaster(StampedCache<AccountRules> rules) : Master<GlAccountView, GlAccountWrite>
{
    private const string Columns = "select code, name, kind, contra, account_group, active, version from gl_account";
    private static readonly string[] Kinds = [.. AccountKinds.Money, "location", "holding", "memorandum"];

    /// <inheritdoc/>
    public override string Function => "kernel.ledger";

    /// <inheritdoc/>
    public override string Thing => "gl-account";

    /// <inheritdoc/>
    public override void Touch(Tx tx) => rules.Touch(tx);

    /// <inheritdoc/>
    public override Task<GlAccountView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        db.First($"{Sql.Raw(Columns)} where code = {id}{Lock(db, locked)}", row => Read(row), ct);

    /// <summary>Accounts; filter <c>kind</c>.</summary>
    public override async Task<MasterPage<GlAccountView>> List(Db db, MasterQuery query, CancellationToken ct)
    {
        var rows = await db.Query(Sql.Raw(Columns), row => Read(row), ct);
        if (query.Filter("kind") is { } kind) rows = rows.FindAll(row => row.Kind == kind);
        return PageOf(rows, query, row => row.Code, row => $"{row.Code} {row.Name} {row.Group}", row => row.Active);
    }

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(GlAccountView view) => (view.Code, null, view.Version);

    /// <inheritdoc/>
    public override GlAccountWrite WriteOf(GlAccountView view) => new(view.Code, view.Name, view.Kind, view.Contra, view.Group, view.Active);

    /// <inheritdoc/>
    public override async Task<Result<GlAccountView>> Insert(Tx tx, GlAccountWrite write, Stamp stamp, CancellationToken ct)
    {
        if (Checked(write) is { } no) return no;
        if (await Find(tx, write.Code, false, ct) is not null) return MasterRefusals.CodeTaken("/code");
        tx.Stage($"""
            insert into gl_account (code, name, kind, contra, account_group, active)
            values ({write.Code}, {write.Name}, {write.Kind}, {write.Contra}, {write.Group}, {write.Active})
            """);
        return new GlAccountView(write.Code, write.Name, write.Kind, write.Contra, write.Group, write.Active, 1);
    }

    /// <inheritdoc/>
    public override async Task<Result<GlAccountView>> Change(Tx tx, GlAccountView before, GlAccountWrite write, Stamp stamp, CancellationToken ct)
    {
        if (Checked(write) is { } no) return no;
        if (write.Code != before.Code) return MasterRefusals.CodeFixed;
        if ((write.Kind != before.Kind || write.Contra != before.Contra || (before.Active && !write.Active)) && await tx.Number($"""
            select (select count(*) from account_rule where gl_code = {before.Code}) + (select count(*) from account where gl_code = {before.Code})
            """, ct) > 0) return MasterRefusals.AccountInUse;
        tx.Stage($"""
            update gl_account set name = {write.Name}, kind = {write.Kind}, contra = {write.Contra}, account_group = {write.Group}, active = {write.Active}, version = version + 1
            where code = {before.Code}
            """);
        return new GlAccountView(write.Code, write.Name, write.Kind, write.Contra, write.Group, write.Active, before.Version + 1);
    }

    private static Refusal? Checked(GlAccountWrite account) => Check.First(
        Check.Code(account.Code), Check.Text(account.Name, "/name"), Check.OneOf(account.Kind, "/kind", Kinds), account.Group.Length == 0 ? null : Check.Code(account.Group, "/group"));

    private static GlAccountView Read(Row row) => new(row.Text(0), row.Text(1), row.Text(2), row.Bool(3), row.Text(4), row.Bool(5), row.Long(6));
}

/// <summary>The mapping of account roles to the chart. What is kept exactly on an account, stock or open items, holds its mapping.</summary>
/// <param name="rules">The cache of the mapping.</param>
/// <param name="roles">The roles that functions post to.</param>
public sealed class AccountRuleMaster(StampedCache<AccountRules> rules, IReadOnlyList<AccountRole> roles) : Master<AccountRuleView, AccountRuleWrite>
{
    private const string Columns = "select role, branch_id, category_id, gl_code, version from account_rule";

    /// <inheritdoc/>
    public override string Function => "kernel.ledger";

    /// <inheritdoc/>
    public override string Thing => "account-rule";

    /// <inheritdoc/>
    public override void Touch(Tx tx) => rules.Touch(tx);

    /// <inheritdoc/>
    public override async Task<AccountRuleView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        id.Split(':') is [var role, var branch, var category]
            ? await db.First($"{Sql.Raw(Columns)} where role = {role} and branch_id = {branch} and category_id = {category}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <summary>The mapping; filter <c>role</c>.</summary>
    public override async Task<MasterPage<AccountRuleView>> List(Db db, MasterQuery query, CancellationToken ct)
    {
        var rows = await db.Query(Sql.Raw(Columns), row => Read(row), ct);
        if (query.Filter("role") is { } role) rows = rows.FindAll(row => row.Role == role);
        return PageOf(rows, query, row => row.Id, row => $"{row.Role} {row.Account}");
    }

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(AccountRuleView view) => (view.Id, null, view.Version);

    /// <inheritdoc/>
    public override AccountRuleWrite WriteOf(AccountRuleView view) => new(view.Role, view.Account, view.BranchId, view.CategoryId);

    /// <inheritdoc/>
    public override async Task<Result<AccountRuleView>> Insert(Tx tx, AccountRuleWrite write, Stamp stamp, CancellationToken ct)
    {
        if (await Checked(tx, write, ct) is { } no) return no;
        var made = View(write, 1);
        if (await Find(tx, made.Id, false, ct) is not null) return MasterRefusals.CodeTaken("/role");
        if (await HoldsBalances(tx, write.Role, null, ct)) return MasterRefusals.AccountRuleInUse;
        var (branch, category) = (Text(write.BranchId), Text(write.CategoryId));
        tx.Stage($"insert into account_rule (role, branch_id, category_id, gl_code) values ({write.Role}, {branch}, {category}, {write.Account})");
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<AccountRuleView>> Change(Tx tx, AccountRuleView before, AccountRuleWrite write, Stamp stamp, CancellationToken ct)
    {
        if (await Checked(tx, write, ct) is { } no) return no;
        var after = View(write, before.Version + 1);
        if (after.Id != before.Id) return MasterRefusals.CodeFixed with { At = "/role" };
        if (after.Account != before.Account && await HoldsBalances(tx, write.Role, before.Account, ct)) return MasterRefusals.AccountRuleInUse;
        var (branch, category) = (Text(write.BranchId), Text(write.CategoryId));
        tx.Stage($"""
            update account_rule set gl_code = {after.Account}, version = {after.Version}
            where role = {after.Role} and branch_id = {branch} and category_id = {category}
            """);
        return after;
    }

    private async Task<Refusal?> Checked(Tx tx, AccountRuleWrite rule, CancellationToken ct)
    {
        var role = roles.FirstOrDefault(known => known.Code == rule.Role);
        if (role is null) return MasterRefusals.AccountRoleUnknown;
        if (rule.BranchId is { } branch && !await Check.Exists(tx, "branch", branch, ct)) return MasterRefusals.BranchUnknown;
        if (rule.CategoryId is { } category && !await Check.Exists(tx, "category", category, ct)) return MasterRefusals.CategoryUnknown;
        var kind = await tx.First($"select kind from gl_account where code = {rule.Account} and active", row => row.Text(0), ct);
        return kind is null ? MasterRefusals.AccountUnknown : kind != role.Kind ? MasterRefusals.AccountKindMismatch : null;
    }

    private async Task<bool> HoldsBalances(Tx tx, string role, string? account, CancellationToken ct)
    {
        if (roles.First(known => known.Code == role) is { Guarded: false, OpenItem: false }) return false;
        return await tx.Number($"select count(*) from (select 1 from account where role = {role} and ({account is null} or gl_code = {account ?? ""}) limit 1) used", ct) > 0;
    }

    private static AccountRuleView View(AccountRuleWrite rule, long version) =>
        new($"{rule.Role}:{Text(rule.BranchId)}:{Text(rule.CategoryId)}", rule.Role, rule.BranchId, rule.CategoryId, rule.Account, version);

    private static string Text(Guid? id) => id?.ToString("D") ?? "";

    private static AccountRuleView Read(Row row) => new(
        $"{row.Text(0)}:{row.Text(1)}:{row.Text(2)}", row.Text(0), Guid.TryParse(row.Text(1), out var branch) ? branch : null,
        Guid.TryParse(row.Text(2), out var category) ? category : null, row.Text(3), row.Long(4));
}
