using System.Collections.Concurrent;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Ledger;

/// <summary>Names a sub-ledger account: a role in a unit, with what it hangs on and what decides its account of the chart.</summary>
/// <param name="Role">The account role.</param>
/// <param name="Unit">What is counted: a currency code, <c>ITEM:SKU-1</c>, ...</param>
/// <param name="Subject">What the account hangs on: a party, an item in a warehouse, a terminal; empty for none.</param>
/// <param name="Branch">Branch for the account determination, or null.</param>
/// <param name="Category">Item category for the account determination, or null.</param>
/// <param name="Chart">The account of the chart by its code, where somebody has named it instead of leaving it to the determination; else null.</param>
public readonly record struct AccountKey(AccountRole Role, string Unit, string Subject = "", Guid? Branch = null, Guid? Category = null, string? Chart = null);

/// <summary>An account that entries are written to.</summary>
/// <param name="Id">Its number in the database.</param>
/// <param name="UnitId">The number of its unit.</param>
/// <param name="Guarded">Whether its balance is kept under lock.</param>
public sealed record Account(long Id, long UnitId, bool Guarded);

/// <summary>Finds the account for a role, and makes it when it is used for the first time.</summary>
/// <remarks>Known accounts are kept in memory; a posting that uses only known ones asks the database nothing.</remarks>
public sealed class Accounts(Database database, StampedCache<AccountRules> rules)
{
    private readonly ConcurrentDictionary<AccountKey, Account> known = new();
    private readonly ConcurrentDictionary<string, long> units = new();
    private long rulesSeen;

    /// <summary>Resolves every key, in one or two round trips for those not known yet.</summary>
    /// <exception cref="InvariantBrokenException">No rule maps a role to the chart.</exception>
    public async ValueTask<IReadOnlyDictionary<AccountKey, Account>> Resolve(Tx tx, IReadOnlyCollection<AccountKey> keys, CancellationToken ct = default)
    {
        var current = await rules.Get(ct);
        if (Interlocked.Exchange(ref rulesSeen, current.Stamp) != current.Stamp) known.Clear();
        var found = new Dictionary<AccountKey, Account>(keys.Count);
        List<AccountKey>? missing = null;
        foreach (var key in keys)
        {
            if (known.TryGetValue(key, out var account)) found[key] = account;
            else (missing ??= []).Add(key);
        }

        if (missing is not null)
        {
            foreach (var (key, account) in await Make(tx, missing, current.Value, ct))
            {
                found[key] = account;
                tx.AfterCommit.Add(() => known[key] = account);
            }
        }

        return found;
    }

    /// <summary>The number of a unit, made when it is new.</summary>
    public async ValueTask<long> Unit(Tx tx, string code, CancellationToken ct = default)
    {
        if (units.TryGetValue(code, out var id)) return id;
        var (scale, kind) = Describe(code, await ExponentOfCompany(ct));
        await tx.Execute($"insert into unit (code, scale, kind) values ({code}, {scale}, {kind}) on conflict (code) do nothing", ct);
        id = await tx.Number($"select id from unit where code = {code}", ct);
        tx.AfterCommit.Add(() => units[code] = id);
        return id;
    }

    private async Task<int> ExponentOfCompany(CancellationToken ct) =>
        (int)await database.Read(db => db.Number($"select coalesce(max(exponent), 2) from company", ct), ct);

    /// <summary>The scale and the kind of a unit by its code: <c>SEC:</c> has none, a currency its exponent, all others six decimals.</summary>
    private static (long Scale, string Kind) Describe(string code, int companyExponent) =>
        code.StartsWith("ITEM:", StringComparison.Ordinal) ? (6, "item")
        : code.StartsWith("SEC:", StringComparison.Ordinal) ? (0, "holding")
        : code.StartsWith("CMT:", StringComparison.Ordinal) || code.StartsWith("CLM:", StringComparison.Ordinal) ? (companyExponent, "memorandum")
        : code.Contains(':', StringComparison.Ordinal) ? (6, "holding")
        : (Values.Currencies.TryOf(code, out var currency) ? currency.Exponent : companyExponent, "currency");

    private async Task<List<KeyValuePair<AccountKey, Account>>> Make(Tx tx, List<AccountKey> missing, AccountRules current, CancellationToken ct)
    {
        // In one order everywhere, so that two first uses at once cannot wait for each other.
        var ordered = missing.OrderBy(key => key.Role.Code, StringComparer.Ordinal).ThenBy(key => key.Unit, StringComparer.Ordinal).ThenBy(key => key.Subject, StringComparer.Ordinal).ToList();
        var unitIds = new Dictionary<string, long>();
        foreach (var unit in ordered.Select(key => key.Unit).Distinct().Order(StringComparer.Ordinal)) unitIds[unit] = await Unit(tx, unit, ct);

        var answers = new List<(AccountKey Key, Deferred<List<long>> Id)>();
        foreach (var key in ordered)
        {
            var gl = current.Of(key);
            var unit = unitIds[key.Unit];
            tx.Stage($"insert into account (role, gl_code, unit_id, subject, open_item) values ({key.Role.Code}, {gl}, {unit}, {key.Subject}, {key.Role.OpenItem}) on conflict (role, gl_code, unit_id, subject) do nothing");
            answers.Add((key, tx.Later($"select id from account where role = {key.Role.Code} and gl_code = {gl} and unit_id = {unit} and subject = {key.Subject}", row => row.Long(0))));
            if (key.Role.Guarded)
            {
                tx.Stage($"""
                    insert into balance (account_id, amount, lower_limit, upper_limit)
                    select id, 0, {Bound(key.Role.Lower)}, {Bound(key.Role.Upper)} from account
                    where role = {key.Role.Code} and gl_code = {gl} and unit_id = {unit} and subject = {key.Subject}
                    on conflict (account_id) do nothing
                    """);
            }
        }

        await tx.Flush(ct);
        return [.. answers.Select(answer => KeyValuePair.Create(answer.Key, new Account(answer.Id.Value[0], unitIds[answer.Key.Unit], answer.Key.Role.Guarded)))];
    }

    private static Sql Bound(long? limit) => limit is { } value ? Sql.Raw(value.ToString()) : Sql.Raw("null");
}

/// <summary>The table that maps a role, with branch and category, to an account of the chart: the most specific row wins.</summary>
public sealed class AccountRules
{
    private readonly Dictionary<(string Role, string Branch, string Category), string> rows;

    private AccountRules(Dictionary<(string, string, string), string> rows) => this.rows = rows;

    /// <summary>Reads the table.</summary>
    public static async Task<AccountRules> Load(Db db, CancellationToken ct) => new(
        (await db.Query($"select role, branch_id, category_id, gl_code from account_rule", row => (row.Text(0), row.Text(1), row.Text(2), row.Text(3)), ct))
        .ToDictionary(row => (row.Item1, row.Item2, row.Item3), row => row.Item4));

    /// <summary>The account of the chart for a key: the one it names, else by branch and category, by category, by branch, by role alone.</summary>
    /// <exception cref="InvariantBrokenException">The role is not mapped at all.</exception>
    public string Of(AccountKey key)
    {
        if (key.Chart is not null) return key.Chart;
        var branch = key.Branch?.ToString("D") ?? "";
        var category = key.Category?.ToString("D") ?? "";
        return rows.TryGetValue((key.Role.Code, branch, category), out var exact) ? exact
            : rows.TryGetValue((key.Role.Code, "", category), out var ofCategory) ? ofCategory
            : rows.TryGetValue((key.Role.Code, branch, ""), out var ofBranch) ? ofBranch
            : rows.TryGetValue((key.Role.Code, "", ""), out var general) ? general
            : throw new InvariantBrokenException($"No account is mapped to the role {key.Role.Code}.");
    }
}
