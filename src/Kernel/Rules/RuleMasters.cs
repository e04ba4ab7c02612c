using Plug1.Kernel.Approvals;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Rules;

/// <summary>A reason as the API tells it; its id is <c>function:action:code</c>.</summary>
public sealed record ReasonView(string Id, string Function, string Action, string Code, string Label, bool Active, long Version);

/// <summary>What is entered of a reason.</summary>
/// <param name="Function">Function code, such as <c>sales.point-of-sale</c>.</param>
/// <param name="Action">The action that is given a reason, such as <c>reverse</c>.</param>
/// <param name="Code">Code.</param>
/// <param name="Label">What people read.</param>
/// <param name="Active">Whether it may be chosen.</param>
public sealed record ReasonWrite(string Function, string Action, string Code, string Label, bool Active = true);

/// <summary>An approval rule as the API tells it.</summary>
public sealed record ApprovalRuleView(
    Guid Id, string Function, string Kind, string Action, string Figure, long Over, string Role, int Level, int EscalateMinutes, string EscalateRole, bool Active, long Version, string Votes,
    IReadOnlyList<EscalationLink> EscalateThen);

/// <summary>What is entered of an approval rule.</summary>
/// <param name="Function">Function code.</param>
/// <param name="Action">The action that needs approval.</param>
/// <param name="Role">Who decides.</param>
/// <param name="Kind">Only this kind of document; empty for all.</param>
/// <param name="Figure">The figure that is compared, such as <c>total</c>; empty for always.</param>
/// <param name="Over">It applies above this: minor units of an amount, millionths of a rate or quantity.</param>
/// <param name="Level">Place in the order of decisions, from 1.</param>
/// <param name="EscalateMinutes">After so many minutes the next role may decide; 0 for never.</param>
/// <param name="EscalateRole">The next role; empty for none.</param>
/// <param name="Active">Whether it applies.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
/// <param name="Votes"><c>any</c>: one holder of one such role decides the level; <c>all</c>: this role's own vote is needed too.</param>
/// <param name="EscalateThen">Further roles, each with how long the one before it has.</param>
public sealed record ApprovalRuleWrite(
    string Function, string Action, string Role, string Kind = "", string Figure = "", long Over = 0, int Level = 1, int EscalateMinutes = 0, string EscalateRole = "",
    bool Active = true, Guid? Id = null, string Votes = "any", IReadOnlyList<EscalationLink>? EscalateThen = null);

/// <summary>A number series as it stands.</summary>
public sealed record NumberSeriesView(string Id, string Prefix, long LastNumber, int Digits);

/// <summary>Reasons by function and action.</summary>
public sealed class ReasonMaster(FunctionCatalogue functions) : Master<ReasonView, ReasonWrite>
{
    private const string Columns = "select function, action, code, label, active, version from reason";

    /// <inheritdoc/>
    public override string Function => "kernel.rules";

    /// <inheritdoc/>
    public override string Thing => "reason";

    /// <inheritdoc/>
    public override void Touch(Tx tx) => tx.Stage($"update config_stamp set stamp = stamp + 1 where area = 'rules'");

    /// <inheritdoc/>
    public override async Task<ReasonView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        id.Split(':') is [var function, var action, var code]
            ? await db.First($"{Sql.Raw(Columns)} where function = {function} and action = {action} and code = {code}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <summary>Reasons; filters <c>function</c> and <c>action</c>.</summary>
    public override async Task<MasterPage<ReasonView>> List(Db db, MasterQuery query, CancellationToken ct)
    {
        var rows = await db.Query(Sql.Raw(Columns), row => Read(row), ct);
        if (query.Filter("function") is { } function) rows = rows.FindAll(row => row.Function == function);
        if (query.Filter("action") is { } action) rows = rows.FindAll(row => row.Action == action);
        return PageOf(rows, query, row => row.Id, row => $"{row.Code} {row.Label}", row => row.Active);
    }

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(ReasonView view) => (view.Id, null, view.Version);

    /// <inheritdoc/>
    public override ReasonWrite WriteOf(ReasonView view) => new(view.Function, view.Action, view.Code, view.Label, view.Active);

    /// <inheritdoc/>
    public override async Task<Result<ReasonView>> Insert(Tx tx, ReasonWrite write, Stamp stamp, CancellationToken ct)
    {
        if (Checked(write) is { } no) return no;
        var made = new ReasonView($"{write.Function}:{write.Action}:{write.Code}", write.Function, write.Action, write.Code, write.Label, write.Active, 1);
        if (await Find(tx, made.Id, false, ct) is not null) return MasterRefusals.CodeTaken("/code");
        tx.Stage($"insert into reason (function, action, code, label, active) values ({made.Function}, {made.Action}, {made.Code}, {made.Label}, {made.Active})");
        return made;
    }

    /// <inheritdoc/>
    public override Task<Result<ReasonView>> Change(Tx tx, ReasonView before, ReasonWrite write, Stamp stamp, CancellationToken ct)
    {
        if (Checked(write) is { } no) return Task.FromResult<Result<ReasonView>>(no);
        if ((write.Function, write.Action, write.Code) != (before.Function, before.Action, before.Code)) return Task.FromResult<Result<ReasonView>>(MasterRefusals.CodeFixed);
        tx.Stage($"""
            update reason set label = {write.Label}, active = {write.Active}, version = version + 1
            where function = {before.Function} and action = {before.Action} and code = {before.Code}
            """);
        return Task.FromResult<Result<ReasonView>>(before with { Label = write.Label, Active = write.Active, Version = before.Version + 1 });
    }

    private Refusal? Checked(ReasonWrite reason) =>
        Check.First(Check.Code(reason.Action, "/action"), Check.Code(reason.Code), Check.Text(reason.Label, "/label"))
        ?? (functions.Find(reason.Function) is null ? MasterRefusals.FunctionUnknown : null);

    private static ReasonView Read(Row row) =>
        new($"{row.Text(0)}:{row.Text(1)}:{row.Text(2)}", row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Bool(4), row.Long(5));
}

/// <summary>Approval rules: who decides what above which figure.</summary>
public sealed class ApprovalRuleMaster(FunctionCatalogue functions, StampedCache<IReadOnlyList<ApprovalRule>> rules) : Master<ApprovalRuleView, ApprovalRuleWrite>
{
    private const string Columns = "select id, function, kind, action, figure, over_value, role, level, escalate_minutes, escalate_role, active, version, votes, escalate_then from approval_rule";

    /// <inheritdoc/>
    public override string Function => "kernel.rules";

    /// <inheritdoc/>
    public override string Thing => "approval-rule";

    /// <inheritdoc/>
    public override void Touch(Tx tx) => rules.Touch(tx);

    /// <inheritdoc/>
    public override async Task<ApprovalRuleView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) ? await db.First($"{Sql.Raw(Columns)} where id = {key}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <summary>Approval rules; filter <c>function</c>.</summary>
    public override async Task<MasterPage<ApprovalRuleView>> List(Db db, MasterQuery query, CancellationToken ct)
    {
        var rows = await db.Query(Sql.Raw(Columns), row => Read(row), ct);
        if (query.Filter("function") is { } function) rows = rows.FindAll(row => row.Function == function);
        return PageOf(rows, query, row => $"{row.Function}:{row.Kind}:{row.Action}:{row.Level:D3}:{row.Id}", row => $"{row.Function} {row.Kind} {row.Action} {row.Role}", row => row.Active);
    }

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(ApprovalRuleView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override ApprovalRuleWrite WriteOf(ApprovalRuleView view) => new(
        view.Function, view.Action, view.Role, view.Kind, view.Figure, view.Over, view.Level, view.EscalateMinutes, view.EscalateRole, view.Active, view.Id, view.Votes, view.EscalateThen);

    /// <inheritdoc/>
    public override async Task<Result<ApprovalRuleView>> Insert(Tx tx, ApprovalRuleWrite write, Stamp stamp, CancellationToken ct)
    {
        if (await Checked(tx, write, ct) is { } no) return no;
        var made = View(write.Id ?? Guid.CreateVersion7(stamp.At), write, 1);
        tx.Stage($"""
            insert into approval_rule (id, function, kind, action, figure, over_value, role, level, escalate_minutes, escalate_role, active, votes, escalate_then)
            values ({made.Id}, {made.Function}, {made.Kind}, {made.Action}, {made.Figure}, {made.Over}, {made.Role}, {made.Level}, {made.EscalateMinutes}, {made.EscalateRole}, {made.Active}, {made.Votes}, {EscalationChain.Write(made.EscalateThen)})
            """);
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<ApprovalRuleView>> Change(Tx tx, ApprovalRuleView before, ApprovalRuleWrite write, Stamp stamp, CancellationToken ct)
    {
        if (await Checked(tx, write, ct) is { } no) return no;
        var after = View(before.Id, write, before.Version + 1);
        tx.Stage($"""
            update approval_rule set function = {after.Function}, kind = {after.Kind}, action = {after.Action}, figure = {after.Figure}, over_value = {after.Over},
              role = {after.Role}, level = {after.Level}, escalate_minutes = {after.EscalateMinutes}, escalate_role = {after.EscalateRole}, active = {after.Active},
              votes = {after.Votes}, escalate_then = {EscalationChain.Write(after.EscalateThen)}, version = {after.Version}
            where id = {after.Id}
            """);
        return after;
    }

    /// <summary>The number series as they stand; they count by themselves.</summary>
    public static async Task<Result<MasterPage<NumberSeriesView>>> Series(Db db, CancellationToken ct) => new MasterPage<NumberSeriesView>(
        await db.Query($"select id, prefix, last_number, digits from number_series order by id", row => new NumberSeriesView(row.Text(0), row.Text(1), row.Long(2), row.Int(3)), ct));

    private async Task<Refusal?> Checked(Tx tx, ApprovalRuleWrite rule, CancellationToken ct)
    {
        if (functions.Find(rule.Function) is not { } function) return MasterRefusals.FunctionUnknown;
        if (Check.First(
            rule.Kind.Length == 0 ? null : Check.OneOf(rule.Kind, "/kind", [.. function.Kinds.Select(kind => kind.Code)]), Check.Code(rule.Action, "/action"),
            rule.Figure.Length == 0 ? null : Check.Code(rule.Figure, "/figure"), Check.Between(rule.Level, 1, 9, "/level", "between 1 and 9"), Check.OneOf(rule.Votes, "/votes", ["any", "all"]),
            Check.Between(rule.EscalateMinutes, 0, 525_600, "/escalateMinutes", "between 0 and 525600")) is { } no) return no;
        if (ApprovalDryRun.Impossible(function, rule.Kind, rule.Action, rule.Figure) is { } never) return never;
        var roles = await tx.Query($"select code from role", row => row.Text(0), ct);
        return !roles.Contains(rule.Role) ? MasterRefusals.ChoiceInvalid("/role", roles)
            : rule.EscalateRole.Length > 0 && !roles.Contains(rule.EscalateRole) ? MasterRefusals.ChoiceInvalid("/escalateRole", roles)
            : EscalationChain.Wrong(rule.EscalateThen, rule.EscalateMinutes > 0 ? rule.EscalateRole : "", roles, "/escalateThen");
    }

    private static ApprovalRuleView View(Guid id, ApprovalRuleWrite write, long version) => new(
        id, write.Function, write.Kind, write.Action, write.Figure, write.Over, write.Role, write.Level, write.EscalateMinutes, write.EscalateRole, write.Active, version, write.Votes, write.EscalateThen ?? []);

    private static ApprovalRuleView Read(Row row) => new(
        row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Long(5), row.Text(6), row.Int(7), row.Int(8), row.Text(9), row.Bool(10), row.Long(11), row.Text(12), EscalationChain.Read(row.Text(13)));
}
