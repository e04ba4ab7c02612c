using Plug1.Kernel.Commands;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Functions;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Rules;

/// <summary>What a company or a branch changed of an exception rule, as the API tells it.</summary>
public sealed record ExceptionRuleView(
    Guid Id, string Rule, string Function, Guid? BranchId, bool? Active, string? Severity, IReadOnlyDictionary<string, string> Parameters, string? OwnerRole, int? EscalateMinutes,
    string? EscalateRole, int? QuietMinutes, long Version, IReadOnlyList<EscalationLink>? EscalateThen = null);

/// <summary>What is entered of it: null goes by the company, and for the company by the declaration.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="BranchId">The branch; null for the company.</param>
/// <param name="Active">Whether the rule raises.</param>
/// <param name="Severity">critical, high, medium or low.</param>
/// <param name="Parameters">Values by name: amounts and rates as decimals, others as numbers. What is left out is not changed.</param>
/// <param name="OwnerRole">Who looks after what it raises; empty for none in particular.</param>
/// <param name="EscalateMinutes">After how long without an answer it goes to the next role; 0 for never.</param>
/// <param name="EscalateRole">The next role; empty for none.</param>
/// <param name="QuietMinutes">How long after the last time a repeat is folded; 0 for never.</param>
/// <param name="EscalateThen">Further roles, each with how long the one before it has; empty for none.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record ExceptionRuleWrite(
    string Rule, Guid? BranchId = null, bool? Active = null, string? Severity = null, IReadOnlyDictionary<string, string>? Parameters = null, string? OwnerRole = null,
    int? EscalateMinutes = null, string? EscalateRole = null, int? QuietMinutes = null, Guid? Id = null, IReadOnlyList<EscalationLink>? EscalateThen = null);

/// <summary>Exception rules as data: parameters, severity, owner and escalation, for the company and for branches that go their own way.</summary>
public sealed class ExceptionRuleMaster(FunctionCatalogue functions, OrganisationBook organisation, ExceptionRules rules) : Master<ExceptionRuleView, ExceptionRuleWrite>
{
    private const int LongestMinutes = 525_600;
    private const string Columns = "select id, rule, function, branch_id, active, severity, parameters, owner_role, escalate_minutes, escalate_role, quiet_minutes, version, escalate_then from exception_rule";

    /// <summary>The refusal of a rule that no function declares.</summary>
    public static readonly Refusal RuleUnknown = new("EXCEPTION_RULE_UNKNOWN", "No function declares such a rule.", "/rule");

    /// <inheritdoc/>
    public override string Function => "kernel.rules";

    /// <inheritdoc/>
    public override string Thing => "exception-rule";

    /// <summary>A rule with the function that declares it, or null.</summary>
    public static (Function Function, ExceptionDeclaration Rule)? Declared(FunctionCatalogue functions, string code)
    {
        foreach (var function in functions.All)
            if (function.Exceptions.FirstOrDefault(rule => rule.Code == code) is { } rule) return (function, rule);
        return null;
    }

    /// <summary>A parameter's value as people write it.</summary>
    public static string Shown(RuleParameter parameter, long value, int exponent) => parameter.Type switch
    {
        "money" => Reporting.Shown.Money(value, exponent),
        "rate" or "quantity" => Reporting.Shown.Millionths(value),
        _ => value.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>Parameters from how people write them.</summary>
    /// <returns>Refused with <c>EXCEPTION_PARAMETER_UNKNOWN</c> or <c>EXCEPTION_PARAMETER_INVALID</c>, pointing below <paramref name="at"/>.</returns>
    public static Result<IReadOnlyDictionary<string, long>> Read(ExceptionDeclaration rule, IReadOnlyDictionary<string, string> written, int exponent, string at)
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, text) in written)
        {
            if (rule.Parameters.FirstOrDefault(one => one.Name == name) is not { } parameter)
                return new Refusal("EXCEPTION_PARAMETER_UNKNOWN", $"The rule {rule.Code} has no parameter '{name}'.", $"{at}/{name}");
            var scale = parameter.Type switch { "money" => exponent, "rate" or "quantity" => 6, _ => 0 };
            if (text is null || !DecimalText.TryParse(text, scale, out var value) || value < parameter.Least || value > parameter.Most)
                return new Refusal("EXCEPTION_PARAMETER_INVALID", $"{parameter.Label} is between {Shown(parameter, parameter.Least, exponent)} and {Shown(parameter, parameter.Most, exponent)}.", $"{at}/{name}");
            values[name] = value;
        }

        return Result.Of<IReadOnlyDictionary<string, long>>(values);
    }

    /// <inheritdoc/>
    public override void Touch(Tx tx) => rules.Settings.Touch(tx);

    /// <inheritdoc/>
    public override async Task<ExceptionRuleView?> Find(Db db, string id, bool locked, CancellationToken ct)
    {
        var exponent = await Exponent(ct);
        return Guid.TryParse(id, out var key) ? await db.First($"{Sql.Raw(Columns)} where id = {key}{Lock(db, locked)}", row => Read(row, exponent), ct) : null;
    }

    /// <summary>The settings; filters <c>rule</c>, <c>function</c> and <c>branch</c>.</summary>
    public override async Task<MasterPage<ExceptionRuleView>> List(Db db, MasterQuery query, CancellationToken ct)
    {
        var exponent = await Exponent(ct);
        var rows = await db.Query(Sql.Raw(Columns), row => Read(row, exponent), ct);
        if (query.Filter("rule") is { } rule) rows = rows.FindAll(row => row.Rule == rule);
        if (query.Filter("function") is { } function) rows = rows.FindAll(row => row.Function == function);
        if (query.IdFilter("branch") is { } branch) rows = rows.FindAll(row => row.BranchId == branch);
        return PageOf(rows, query, row => $"{row.Rule}:{row.BranchId}", row => $"{row.Rule} {row.Function}", row => row.Active ?? true);
    }

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(ExceptionRuleView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override ExceptionRuleWrite WriteOf(ExceptionRuleView view) => new(
        view.Rule, view.BranchId, view.Active, view.Severity, view.Parameters, view.OwnerRole, view.EscalateMinutes, view.EscalateRole, view.QuietMinutes, view.Id, view.EscalateThen);

    /// <inheritdoc/>
    public override async Task<Result<ExceptionRuleView>> Insert(Tx tx, ExceptionRuleWrite write, Stamp stamp, CancellationToken ct)
    {
        var valid = await Checked(tx, write, ct);
        if (valid.IsRefused) return valid.Refusal;
        if (await tx.Number($"select count(*) from exception_rule where rule = {write.Rule} and coalesce(branch_id, {Guid.Empty}) = {write.BranchId ?? Guid.Empty}", ct) > 0) return MasterRefusals.CodeTaken("/branchId");
        var made = View(write.Id ?? Guid.CreateVersion7(stamp.At), valid.Value.Function, write, 1);
        tx.Stage($"""
            insert into exception_rule (id, rule, function, branch_id, active, severity, parameters, owner_role, escalate_minutes, escalate_role, quiet_minutes, escalate_then)
            values ({made.Id}, {made.Rule}, {made.Function}, {made.BranchId}, {made.Active}, {made.Severity}, {ExceptionRules.Json(valid.Value.Parameters)}, {made.OwnerRole},
              {made.EscalateMinutes}, {made.EscalateRole}, {made.QuietMinutes}, {Kept(made)})
            """);
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<ExceptionRuleView>> Change(Tx tx, ExceptionRuleView before, ExceptionRuleWrite write, Stamp stamp, CancellationToken ct)
    {
        if (write.Rule != before.Rule || write.BranchId != before.BranchId) return MasterRefusals.CodeFixed with { At = write.Rule != before.Rule ? "/rule" : "/branchId" };
        var valid = await Checked(tx, write, ct);
        if (valid.IsRefused) return valid.Refusal;
        var after = View(before.Id, before.Function, write, before.Version + 1);
        tx.Stage($"""
            update exception_rule set active = {after.Active}, severity = {after.Severity}, parameters = {ExceptionRules.Json(valid.Value.Parameters)}, owner_role = {after.OwnerRole},
              escalate_minutes = {after.EscalateMinutes}, escalate_role = {after.EscalateRole}, quiet_minutes = {after.QuietMinutes}, escalate_then = {Kept(after)}, version = {after.Version}
            where id = {after.Id}
            """);
        return after;
    }

    private async Task<Result<(string Function, IReadOnlyDictionary<string, long> Parameters)>> Checked(Tx tx, ExceptionRuleWrite write, CancellationToken ct)
    {
        if (Declared(functions, write.Rule) is not { } declared) return RuleUnknown;
        var view = await organisation.Get(ct);
        if (write.BranchId is { } id && !view.Branches.Any(branch => branch.Id == id)) return MasterRefusals.BranchUnknown;
        if (Check.First(
            Check.OneOf(write.Severity, "/severity", ExceptionDeclaration.Severities), Check.Between(write.EscalateMinutes, 0, LongestMinutes, "/escalateMinutes", $"between 0 and {LongestMinutes}"),
            Check.Between(write.QuietMinutes, 0, LongestMinutes, "/quietMinutes", $"between 0 and {LongestMinutes}")) is { } no) return no;
        var parameters = Read(declared.Rule, write.Parameters ?? new Dictionary<string, string>(), view.Company.Currency.Exponent, "/parameters");
        if (parameters.IsRefused) return parameters.Refusal;
        var roles = await tx.Query($"select code from role", row => row.Text(0), ct);
        if (write.OwnerRole is { Length: > 0 } owner && !roles.Contains(owner)) return MasterRefusals.ChoiceInvalid("/ownerRole", roles);
        if (write.EscalateRole is { Length: > 0 } next && !roles.Contains(next)) return MasterRefusals.ChoiceInvalid("/escalateRole", roles);
        // What the company or the declaration says of the first role holds where nothing else is entered.
        if (EscalationChain.Wrong(write.EscalateThen, write.EscalateRole ?? declared.Rule.EscalateRole, roles, "/escalateThen") is { } chain) return chain;
        return (declared.Function.Code, parameters.Value);
    }

    private async ValueTask<int> Exponent(CancellationToken ct) => (await organisation.Get(ct)).Company.Currency.Exponent;

    private static ExceptionRuleView View(Guid id, string function, ExceptionRuleWrite write, long version) => new(
        id, write.Rule, function, write.BranchId, write.Active, write.Severity, write.Parameters ?? new Dictionary<string, string>(), write.OwnerRole, write.EscalateMinutes, write.EscalateRole,
        write.QuietMinutes, version, write.EscalateThen);

    private static string? Kept(ExceptionRuleView view) => view.EscalateThen is { } then ? EscalationChain.Write(then) : null;

    private ExceptionRuleView Read(Row row, int exponent)
    {
        var code = row.Text(1);
        var declared = Declared(functions, code)?.Rule.Parameters.ToDictionary(parameter => parameter.Name) ?? [];
        return new ExceptionRuleView(row.Guid(0), code, row.Text(2), row.GuidOrNull(3), row.IsNull(4) ? null : row.Bool(4), row.TextOrNull(5),
            // What a later version of the program no longer declares is not told.
            ExceptionRules.Parameters(row.Text(6)).Where(pair => declared.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => Shown(declared[pair.Key], pair.Value, exponent)),
            row.TextOrNull(7), (int?)row.LongOrNull(8), row.TextOrNull(9), (int?)row.LongOrNull(10), row.Long(11), row.TextOrNull(12) is { } then ? EscalationChain.Read(then) : null);
    }
}
