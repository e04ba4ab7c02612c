using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.MasterData;

/// <summary>What a new company is made of.</summary>
/// <param name="CompanyName">Name.</param>
/// <param name="Currency">Currency of its books.</param>
/// <param name="CashRoundingStep">Smallest amount of cash in minor units; null for what is usual in the currency, zero for none.</param>
public sealed record SeedOptions(string CompanyName, Currency Currency, long? CashRoundingStep = null);

/// <summary>Writes what a company starts with, and at each later start what a new version brings. What is there is never changed.</summary>
public static class KernelSeed
{
    private static readonly (string Code, string Name, int Decimals)[] Units =
    [
        ("EA", "Each", 0), ("PACK", "Pack", 0), ("BOX", "Box", 0), ("SET", "Set", 0), ("PAIR", "Pair", 0), ("KG", "Kilogram", 3), ("G", "Gram", 0), ("T", "Tonne", 3),
        ("L", "Litre", 3), ("ML", "Millilitre", 0), ("M", "Metre", 3), ("CM", "Centimetre", 1), ("M2", "Square metre", 3), ("M3", "Cubic metre", 3), ("H", "Hour", 2),
        ("MIN", "Minute", 0), ("DAY", "Day", 2), ("MONTH", "Month", 2),
    ];

    private static readonly (string Code, string Name, string Type, bool Reference, bool Over, int Refund, bool Offline)[] Methods =
    [
        ("CASH", "Cash", "cash", false, true, 10, true), ("CARD", "Card", "card", false, false, 20, true), ("MOBILE", "Mobile money", "mobile", true, false, 30, false),
        ("VOUCHER", "Voucher", "voucher", true, false, 40, false), ("ACCOUNT", "On account", "account", false, false, 50, false),
    ];

    /// <summary>Notes and coins in use, in minor units.</summary>
    private static readonly (string Currency, long[] Values)[] Denominations =
    [
        ("EUR", [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]), ("GBP", [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]),
        ("USD", [10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1]), ("CHF", [100000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5]),
        ("KES", [100000, 50000, 20000, 10000, 5000, 4000, 2000, 1000, 500, 100]), ("CAD", [10000, 5000, 2000, 1000, 500, 200, 100, 25, 10, 5]),
        ("AUD", [10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5]), ("SEK", [100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100]),
        ("NOK", [100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 100]), ("DKK", [100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50]),
        ("PLN", [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]), ("ZAR", [20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10]),
        ("INR", [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50]), ("JPY", [10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1]),
        ("UGX", [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50]), ("TZS", [1000000, 500000, 200000, 100000, 50000, 20000, 10000, 5000]),
    ];

    /// <summary>Smallest amount of cash where it is more than a minor unit.</summary>
    private static readonly Dictionary<string, long> RoundingSteps = new(StringComparer.Ordinal)
    {
        ["CHF"] = 5,
        ["CAD"] = 5,
        ["AUD"] = 5,
        ["NZD"] = 10,
        ["SEK"] = 100,
        ["NOK"] = 100,
        ["DKK"] = 50,
        ["CZK"] = 100,
        ["HUF"] = 500,
        ["KES"] = 100,
        ["ZAR"] = 10,
        ["INR"] = 50,
        ["TZS"] = 5000,
        ["UGX"] = 50,
    };

    /// <summary>Writes what is missing at each start: chart of accounts with its mapping, units, notes and coins, the reasons, approval
    /// rules, roles and permissions that functions ask for.</summary>
    /// <param name="tx">The transaction of the start.</param>
    /// <param name="functions">The functions of this program.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="chart">Account roles of the modules with their default accounts, beside the kernel's.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>How many rows were written, roles and permissions not counted.</returns>
    public static async Task<int> Apply(
        Tx tx, FunctionCatalogue functions, TimeProvider clock, IReadOnlyList<(AccountRole Role, string Gl, string Name, string Group)>? chart = null, CancellationToken ct = default)
    {
        // A second node that starts now waits here and then finds everything done.
        await tx.Number($"select stamp from config_stamp where area = {"organisation"}{Dialect.ForUpdate(tx.Engine)}", ct);
        var written = new Dictionary<string, int>(StringComparer.Ordinal);
        void Count(string area, int rows) => written[area] = written.GetValueOrDefault(area) + rows;

        StageChart(tx, [.. AccountRoles.Chart, .. functions.All.SelectMany(function => function.Accounts), .. chart ?? []], rows => Count("accounts", rows));
        StageCatalogue(tx, rows => Count("catalogue", rows));
        foreach (var function in functions.All) StageRules(tx, function, rows => Count("rules", rows));
        await tx.Flush(ct);

        foreach (var area in written.Where(pair => pair.Value > 0).Select(pair => pair.Key).Order(StringComparer.Ordinal))
            tx.Stage($"update config_stamp set stamp = stamp + 1 where area = {area}");
        await RoleTemplates.Seed(tx, Declared(functions), clock, ct);
        return written.Values.Sum();
    }

    /// <summary>The permissions that the program declares beside those of users, roles and tokens.</summary>
    public static IEnumerable<PermissionDeclaration> Declared(FunctionCatalogue functions) => MasterDataPermissions.All.Concat(Reporting.ReportingPermissions.All)
        .Concat(AdministrationPermissions.All).DistinctBy(declared => declared.Permission).Concat(RoleTemplates.DeclaredBy(functions.All));

    /// <summary>Gathers the company with its payment methods; passed over once there is one.</summary>
    public static void Company(Tx tx, SeedOptions options, TimeProvider clock)
    {
        tx.Stage($"""
            insert into company (id, name, currency, exponent, created_at) values (1, {options.CompanyName}, {options.Currency.Code}, {options.Currency.Exponent}, {clock.GetUtcNow()})
            on conflict (id) do nothing
            """);
        var usual = RoundingSteps.TryGetValue(options.Currency.Code, out var step) ? step : 0;
        foreach (var (code, name, type, reference, over, refund, offline) in Methods)
        {
            long? rounding = type == "cash" && (options.CashRoundingStep ?? usual) is > 1 and var wanted ? wanted : null;
            tx.Stage($"""
                insert into payment_method (code, name, type, rounding_step, needs_reference, over_tender, refund_priority, offline)
                values ({code}, {name}, {type}, {rounding}, {reference}, {over}, {refund}, {offline}) on conflict (code) do nothing
                """);
        }

        foreach (var area in (string[])["organisation", "catalogue"]) tx.Stage($"update config_stamp set stamp = stamp + 1 where area = {area}");
    }

    private static void StageChart(Tx tx, IReadOnlyList<(AccountRole Role, string Gl, string Name, string Group)> chart, Action<int> count)
    {
        foreach (var (role, gl, name, group) in chart)
        {
            tx.Stage($"""
                insert into gl_account (code, name, kind, contra, account_group) values ({gl}, {name}, {role.Kind}, {role.Contra}, {group})
                on conflict (code) do nothing
                """, count);
            tx.Stage($"insert into account_rule (role, gl_code) values ({role.Code}, {gl}) on conflict (role, branch_id, category_id) do nothing", count);
        }
    }

    private static void StageCatalogue(Tx tx, Action<int> count)
    {
        foreach (var (code, name, decimals) in Units)
            tx.Stage($"insert into unit_of_measure (code, name, decimals) values ({code}, {name}, {decimals}) on conflict (code) do nothing", count);

        // Only where a currency has none: what somebody has taken out stays out.
        foreach (var (currency, values) in Denominations)
        {
            tx.Stage(Sql.Join(" ", [(Sql)$"insert into denomination (currency, value) select {currency}, v from (",
                Sql.Join(" union all ", values.Select(value => (Sql)$"select {Sql.Raw(value.ToString())} as v")),
                (Sql)$") fresh where not exists (select 1 from denomination d where d.currency = {currency})"]), count);
        }
    }

    private static void StageRules(Tx tx, Function function, Action<int> count)
    {
        foreach (var reason in function.ReasonDefaults.Concat(function.Exceptions.Count > 0 ? Exceptions.ExceptionDesk.Reasons : []))
        {
            tx.Stage($"""
                insert into reason (function, action, code, label) values ({function.Code}, {reason.Action}, {reason.Code}, {reason.Label})
                on conflict (function, action, code) do nothing
                """, count);
        }

        foreach (var rule in function.ApprovalDefaults)
        {
            // The id follows from what the rule is about, so that one whose figure was changed is known again.
            var id = Ids.Of($"{function.Code}|{rule.Kind}|{rule.Action}|{rule.Figure}|{rule.Role}|{rule.Level}|{rule.Over}");
            tx.Stage($"""
                insert into approval_rule (id, function, kind, action, figure, over_value, role, level, escalate_minutes, escalate_role)
                values ({id}, {function.Code}, {rule.Kind}, {rule.Action}, {rule.Figure}, {rule.Over}, {rule.Role}, {rule.Level}, {rule.EscalateMinutes}, {rule.EscalateRole})
                on conflict (id) do nothing
                """, count);
        }
    }
}
