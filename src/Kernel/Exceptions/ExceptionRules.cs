using System.Text.Json;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Rules;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Exceptions;

/// <summary>What the company, or one of its branches, changed of a rule; null goes by the company, or by the declaration.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="BranchId">The branch; null for the company.</param>
/// <param name="Active">Whether it raises.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="Parameters">Parameters by name: minor units, millionths or numbers.</param>
/// <param name="OwnerRole">Who looks after it.</param>
/// <param name="EscalateMinutes">After how long it goes to the next role; zero for never.</param>
/// <param name="EscalateRole">The next role; empty for none.</param>
/// <param name="QuietMinutes">How long repeats are folded; zero for never.</param>
/// <param name="EscalateThen">The roles after the next one, as they are kept (<see cref="EscalationChain"/>).</param>
public sealed record RuleSetting(
    string Rule, Guid? BranchId, bool? Active, string? Severity, IReadOnlyDictionary<string, long> Parameters, string? OwnerRole, int? EscalateMinutes, string? EscalateRole, int? QuietMinutes,
    string? EscalateThen = null);

/// <summary>A rule as it holds at a branch.</summary>
/// <param name="Declared">Its declaration.</param>
/// <param name="Active">Whether it raises.</param>
/// <param name="Severity">Severity of what it raises.</param>
/// <param name="Parameters">All its parameters.</param>
/// <param name="OwnerRole">Who looks after it; empty for none in particular.</param>
/// <param name="EscalateMinutes">After how long without an answer it goes to the next role; zero for never.</param>
/// <param name="EscalateRole">The next role; empty for none.</param>
/// <param name="QuietMinutes">How long after the last time a repeat is folded; zero for never.</param>
/// <param name="EscalateThen">The roles after the next one, as they are kept.</param>
public sealed record RuleInForce(
    ExceptionDeclaration Declared, bool Active, string Severity, IReadOnlyDictionary<string, long> Parameters, string OwnerRole, int EscalateMinutes, string EscalateRole, int QuietMinutes,
    string EscalateThen = "")
{
    /// <summary>A parameter: minor units, millionths or a number, as it was declared.</summary>
    public long this[string name] => Parameters[name];

    /// <summary>Whether it escalates.</summary>
    public bool Escalates => EscalateMinutes > 0 && EscalateRole.Length > 0;
}

/// <summary>The settings of all rules: a branch goes before the company, the company before the declaration.</summary>
public sealed class RuleSettings(IReadOnlyList<RuleSetting> settings)
{
    private readonly Dictionary<(string Rule, Guid Branch), RuleSetting> known = settings.ToDictionary(setting => (setting.Rule, setting.BranchId ?? Guid.Empty));

    /// <summary>A rule as it holds at a branch; without a branch, as it holds for the company.</summary>
    public RuleInForce Of(ExceptionDeclaration declared, Guid? branch = null)
    {
        var company = known.GetValueOrDefault((declared.Code, Guid.Empty));
        var own = branch is { } id ? known.GetValueOrDefault((declared.Code, id)) : null;
        return new RuleInForce(
            declared, own?.Active ?? company?.Active ?? true, own?.Severity ?? company?.Severity ?? declared.Severity,
            declared.Parameters.ToDictionary(parameter => parameter.Name, parameter => Value(own, parameter.Name) ?? Value(company, parameter.Name) ?? parameter.Default),
            own?.OwnerRole ?? company?.OwnerRole ?? declared.OwnerRole, own?.EscalateMinutes ?? company?.EscalateMinutes ?? declared.EscalateMinutes,
            own?.EscalateRole ?? company?.EscalateRole ?? declared.EscalateRole, own?.QuietMinutes ?? company?.QuietMinutes ?? declared.QuietMinutes,
            own?.EscalateThen ?? company?.EscalateThen ?? "");
    }

    /// <summary>The branches by the parameters that hold at them, so that one statement asks about all that go alike.</summary>
    /// <param name="declared">The rule.</param>
    /// <param name="branches">The branches.</param>
    /// <param name="activeOnly">Leaves out branches where it is switched off.</param>
    /// <param name="instead">Parameters that go before all settings, as a dry run gives them.</param>
    public IReadOnlyList<(IReadOnlyDictionary<string, long> Parameters, IReadOnlyList<Guid> Branches)> Alike(
        ExceptionDeclaration declared, IEnumerable<Guid> branches, bool activeOnly, IReadOnlyDictionary<string, long>? instead = null) =>
    [
        .. branches.Select(branch => (Branch: branch, Rule: Of(declared, branch))).Where(one => one.Rule.Active || !activeOnly)
            .Select(one => (one.Branch, Parameters: instead is null ? one.Rule.Parameters
                : one.Rule.Parameters.ToDictionary(pair => pair.Key, pair => instead.TryGetValue(pair.Key, out var other) ? other : pair.Value)))
            .GroupBy(one => string.Join('|', declared.Parameters.Select(parameter => one.Parameters[parameter.Name])), StringComparer.Ordinal)
            .Select(group => (group.First().Parameters, (IReadOnlyList<Guid>)[.. group.Select(one => one.Branch)])),
    ];

    private static long? Value(RuleSetting? setting, string name) => setting is not null && setting.Parameters.TryGetValue(name, out var value) ? value : null;
}

/// <summary>The rules in force, kept in memory until somebody changes one on any node.</summary>
public sealed class ExceptionRules(Database database, TimeProvider clock) : IDisposable
{
    /// <summary>The settings.</summary>
    public StampedCache<RuleSettings> Settings { get; } = new(database, "rules", clock, Load);

    /// <summary>A rule as it holds at a branch.</summary>
    public async ValueTask<RuleInForce> InForce(ExceptionDeclaration declared, Guid branch, CancellationToken ct = default) => (await Settings.Get(ct)).Value.Of(declared, branch);

    /// <inheritdoc/>
    public void Dispose() => Settings.Dispose();

    /// <summary>The parameters as they are kept.</summary>
    internal static string Json(IReadOnlyDictionary<string, long> parameters) => JsonSerializer.Serialize(parameters);

    /// <summary>The parameters from how they are kept.</summary>
    internal static IReadOnlyDictionary<string, long> Parameters(string json) => JsonSerializer.Deserialize<Dictionary<string, long>>(json)!;

    private static async Task<RuleSettings> Load(Db db, CancellationToken ct) => new(await db.Query(
        $"select rule, branch_id, active, severity, parameters, owner_role, escalate_minutes, escalate_role, quiet_minutes, escalate_then from exception_rule",
        row => new RuleSetting(row.Text(0), row.GuidOrNull(1), row.IsNull(2) ? null : row.Bool(2), row.TextOrNull(3), Parameters(row.Text(4)), row.TextOrNull(5),
            (int?)row.LongOrNull(6), row.TextOrNull(7), (int?)row.LongOrNull(8), row.TextOrNull(9)), ct));
}
