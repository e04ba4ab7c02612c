using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Host.Setup;

/// <summary>What every business starts with: chart, units, payment methods, reasons, approval rules, roles. Run at each start, adds only what is missing.</summary>
internal static class Seed
{
    private static readonly (string Code, string Name, int Decimals)[] Units =
        [("EA", "each", 0), ("PACK", "pack", 0), ("PAIR", "pair", 0), ("KG", "kilogram", 3), ("G", "gram", 0), ("L", "litre", 3), ("M", "metre", 2), ("H", "hour", 2)];

    private static readonly Dictionary<string, (long Step, long[] Values)> Cash = new()
    {
        ["EUR"] = (1, [20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]),
        ["GBP"] = (1, [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]),
        ["USD"] = (1, [10000, 5000, 2000, 1000, 500, 200, 100, 25, 10, 5, 1]),
        ["CHF"] = (5, [100000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5]),
        ["KES"] = (100, [100000, 50000, 20000, 10000, 5000, 4000, 2000, 1000, 500, 100]),
    };

    /// <summary>Writes what is missing.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="functions">The functions of this program.</param>
    /// <param name="clock">Clock.</param>
    public static async Task Apply(Tx tx, FunctionCatalogue functions, TimeProvider clock)
    {
        foreach (var (role, gl, name, group) in AccountRoles.Chart)
        {
            tx.Stage($"insert into gl_account (code, name, kind, contra, account_group) values ({gl}, {name}, {role.Kind}, {role.Contra}, {group}) on conflict (code) do nothing");
            tx.Stage($"insert into account_rule (role, gl_code) values ({role.Code}, {gl}) on conflict (role, branch_id, category_id) do nothing");
        }

        foreach (var (code, name, decimals) in Units) tx.Stage($"insert into unit_of_measure (code, name, decimals) values ({code}, {name}, {decimals}) on conflict (code) do nothing");
        foreach (var function in functions.All)
        {
            foreach (var reason in function.ReasonDefaults)
                tx.Stage($"insert into reason (function, action, code, label) values ({function.Code}, {reason.Action}, {reason.Code}, {reason.Label}) on conflict (function, action, code) do nothing");
            await Rules(tx, function, clock);
        }

        await RoleTemplates.Seed(tx, RoleTemplates.DeclaredBy(functions.All), clock);
    }

    /// <summary>The company, its payment methods and its coins.</summary>
    public static void Company(Tx tx, string name, Currency currency, TimeProvider clock)
    {
        tx.Stage($"insert into company (id, name, currency, exponent, created_at) values (1, {name}, {currency.Code}, {currency.Exponent}, {clock.GetUtcNow()}) on conflict (id) do nothing");
        var (step, values) = Cash.GetValueOrDefault(currency.Code, (1, []));
        Method(tx, "CASH", "Cash", "cash", step, overTender: true, needsReference: false, priority: 10);
        Method(tx, "CARD", "Card", "card", null, overTender: false, needsReference: false, priority: 20);
        Method(tx, "MOBILE", "Mobile payment", "mobile", null, overTender: false, needsReference: true, priority: 30);
        Method(tx, "VOUCHER", "Gift card", "voucher", null, overTender: false, needsReference: true, priority: 5);
        Method(tx, "ACCOUNT", "On account", "account", null, overTender: false, needsReference: false, priority: 40);
        foreach (var value in values) tx.Stage($"insert into denomination (currency, value) values ({currency.Code}, {value}) on conflict (currency, value) do nothing");
        foreach (var area in new[] { "organisation", "catalogue", "security", "rules", "accounts" }) tx.Stage($"update config_stamp set stamp = stamp + 1 where area = {area}");
    }

    private static void Method(Tx tx, string code, string name, string type, long? step, bool overTender, bool needsReference, int priority) => tx.Stage($"""
        insert into payment_method (code, name, type, rounding_step, over_tender, needs_reference, refund_priority, offline)
        values ({code}, {name}, {type}, {step}, {overTender}, {needsReference}, {priority}, {type is "cash" or "card" or "mobile"}) on conflict (code) do nothing
        """);

    /// <summary>A function's approval rules, once: what an administrator removes stays removed.</summary>
    private static async Task Rules(Tx tx, Function function, TimeProvider clock)
    {
        if (await tx.Number($"select count(*) from approval_rule where function = {function.Code}") > 0) return;
        foreach (var rule in function.ApprovalDefaults)
        {
            tx.Stage($"""
                insert into approval_rule (id, function, kind, action, figure, over_value, role, level, escalate_minutes, escalate_role)
                values ({Ids.New(clock)}, {function.Code}, {rule.Kind}, {rule.Action}, {rule.Figure}, {rule.Over}, {rule.Role}, {rule.Level}, {rule.EscalateMinutes}, {rule.EscalateRole})
                """);
        }
    }
}
