using System.Globalization;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Ledger;

/// <summary>A format that other bookkeeping programs read.</summary>
public enum LedgerFormat
{
    /// <summary>The journal of hledger.</summary>
    Hledger,

    /// <summary>The file of Beancount.</summary>
    Beancount,
}

/// <summary>Writes the whole ledger, all units, for another program to check: it accepts the file, and has our balances.</summary>
/// <remarks>
/// <para>Amounts are exact decimals of the unit's scale; nothing is rounded, and Beancount is told to tolerate nothing. Transactions come
/// in the order of business days.</para>
/// <para>What happened before the first day asked for is one opening transaction on the day before it: so the balances at the end are those
/// of the ledger, and a statement of the period by the other program has only what happened in the period.</para>
/// <para>At the end every account's balance in its unit is asserted, as the database sums it: so the other program finds by itself an entry
/// that is missing in the file or was changed in it.</para>
/// <para>Memory grows with the number of accounts, not of entries: transactions are read in pages of a day.</para>
/// </remarks>
public sealed class LedgerExport
{
    // What a page must sort is held in memory by SQLite, so it is bounded whatever a day holds.
    private const int Page = 2_000;
    private readonly LedgerFormat format;
    private readonly TextWriter to;
    private readonly Dictionary<long, Unit> units = [];
    private readonly Dictionary<long, Named> accounts = [];

    private LedgerExport(LedgerFormat format, TextWriter to) => (this.format, this.to) = (format, to);

    private sealed record Unit(string Code, string Name, int Scale);

    private sealed record Named(string Name, string Kind, long UnitId);

    private sealed record Line(Guid Transaction, long Tx, string? Number, string Function, string Kind, string? Memo, Guid Document, long Account, long Amount);

    /// <summary>Writes the ledger.</summary>
    /// <param name="db">A session for reading; a transaction of its own makes the export one moment's.</param>
    /// <param name="format">The format.</param>
    /// <param name="to">Where to.</param>
    /// <param name="from">First business day, or null for the beginning.</param>
    /// <param name="until">Last business day, included, or null for the end.</param>
    /// <param name="written">Told now and then how many transactions are written.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>How many transactions were written, the opening one not among them.</returns>
    public static async Task<long> Write(
        Db db, LedgerFormat format, TextWriter to, DateOnly? from = null, DateOnly? until = null, Action<long>? written = null, CancellationToken ct = default)
    {
        var export = new LedgerExport(format, to);
        await export.Head(db, ct);
        if (from is { } first) await export.Opening(db, first, ct);
        var count = await export.Transactions(db, from, until, written, ct);
        await export.Closing(db, from, until, ct);
        await to.FlushAsync(ct);
        return count;
    }

    private async Task Head(Db db, CancellationToken ct)
    {
        var company = await db.First($"select name, currency from company", row => (Name: row.Text(0), Currency: row.Text(1)), ct);
        foreach (var (id, code, scale) in await db.Query($"select id, code, scale from unit order by id", row => (row.Long(0), row.Text(1), row.Int(2)), ct))
            units[id] = new Unit(code, format == LedgerFormat.Hledger ? LedgerNames.Hledger(code) : LedgerNames.Beancount(code, id), scale);
        var known = await db.Query(
            $"select a.id, g.kind, a.gl_code, a.role, a.subject, a.unit_id from account a join gl_account g on g.code = a.gl_code order by a.gl_code, a.role, a.subject, a.id",
            row => (Id: row.Long(0), Account: new Named(NameOf(row.Text(1), row.Text(2), row.Text(3), row.Text(4), units[row.Long(5)].Code), row.Text(1), row.Long(5))), ct);
        foreach (var (id, account) in known) accounts[id] = account;
        var start = await db.First($"select min(business_date) from ledger_transaction", row => row.DateOrNull(0), ct) ?? new DateOnly(1970, 1, 1);
        if (format == LedgerFormat.Hledger) await HeadOfHledger(company.Name);
        else await HeadOfBeancount(company.Name, company.Currency, start);
    }

    /// <summary>
    /// In Beancount, what is no money has an account for each unit: it copies the whole inventory of an account for each posting to it, so
    /// that a warehouse of thousands of items in one account takes it minutes instead of seconds.
    /// </summary>
    private string NameOf(string kind, string gl, string role, string subject, string unit)
    {
        if (format == LedgerFormat.Hledger || kind is "asset" or "liability" or "equity" or "income" or "expense") return LedgerNames.Account(kind, gl, role, subject);
        var part = unit.Replace(':', '/');
        return LedgerNames.Account(kind, gl, role, subject.Length == 0 ? part : $"{subject}/{part}");
    }

    private async Task HeadOfHledger(string? company)
    {
        await to.WriteLineAsync($"; Ledger of {OneLine(company ?? "")}, written by Plug1 Operations");
        await to.WriteLineAsync("decimal-mark .");
        foreach (var unit in units.Values) await to.WriteLineAsync($"commodity {(unit.Scale == 0 ? "1000." : $"1000.{new string('0', unit.Scale)}")} {unit.Name}");
        foreach (var (name, kind) in Declared())
            await to.WriteLineAsync($"account {name}{TypeTag(kind)}");
        await to.WriteLineAsync();
    }

    private async Task HeadOfBeancount(string? company, string? currency, DateOnly start)
    {
        await to.WriteLineAsync("; Written by Plug1 Operations");
        await to.WriteLineAsync($"option \"title\" {Quoted(company ?? "")}");
        await to.WriteLineAsync("option \"inferred_tolerance_multiplier\" \"0\"");
        if (currency is not null) await to.WriteLineAsync($"option \"operating_currency\" \"{currency}\"");
        foreach (var unit in units.Values)
        {
            await to.WriteLineAsync($"{Day(start)} commodity {unit.Name}");
            if (unit.Code != unit.Name) await to.WriteLineAsync($"  unit: {Quoted(unit.Code)}");
        }

        foreach (var account in accounts.Values.GroupBy(account => account.Name))
            await to.WriteLineAsync($"{Day(start)} open {account.Key} {string.Join(',', account.Select(one => units[one.UnitId].Name))}");
        await to.WriteLineAsync();
    }

    private IEnumerable<(string Name, string Kind)> Declared() => accounts.Values.Select(account => (account.Name, account.Kind)).Distinct();

    /// <summary>What hledger calls a kind. What is no money counts as equity there: it balances in itself and adds nothing to the statements.</summary>
    private static string TypeTag(string kind) => kind switch
    {
        "asset" => "  ; type:A",
        "liability" => "  ; type:L",
        "income" => "  ; type:R",
        "expense" => "  ; type:X",
        _ => "  ; type:E",
    };

    private async Task Opening(Db db, DateOnly first, CancellationToken ct)
    {
        var sums = await Sums(db, $"where business_date < {first}", ct);
        if (sums.TrueForAll(sum => sum.Amount == 0)) return;
        var day = Day(first.AddDays(-1));
        await to.WriteLineAsync(format == LedgerFormat.Hledger ? $"{day} Opening balances" : $"{day} * \"Opening balances\"");
        foreach (var (account, amount) in sums)
            if (amount != 0) await Posting(account, amount);
        await to.WriteLineAsync();
    }

    /// <summary>Each account's sum, by the number of the account.</summary>
    private static async Task<List<(long Account, long Amount)>> Sums(Db db, Sql which, CancellationToken ct) => await db.Query(
        $"select account_id, {Sql.Raw(Dialect.SumLong(db.Engine, "amount"))} from entry {which} group by account_id order by account_id",
        row => (row.Long(0), row.Long(1)), ct);

    private async Task<long> Transactions(Db db, DateOnly? from, DateOnly? until, Action<long>? told, CancellationToken ct)
    {
        var days = await db.Query(
            $"select distinct business_date from ledger_transaction where business_date >= {from ?? DateOnly.MinValue} and business_date <= {until ?? DateOnly.MaxValue} order by business_date",
            row => row.Date(0), ct);
        long written = 0;
        foreach (var day in days)
        {
            var (tx, id, more) = (long.MinValue, Guid.Empty, true);
            while (more)
            {
                var current = Guid.Empty;
                await foreach (var line in Lines(db, day, tx, id, ct))
                {
                    if (line.Transaction != current)
                    {
                        if (current != Guid.Empty) await to.WriteLineAsync();
                        (current, tx, id) = (line.Transaction, line.Tx, line.Transaction);
                        await Header(day, line);
                        if (++written % 1_000 == 0) told?.Invoke(written);
                    }

                    await Posting(line.Account, line.Amount);
                }

                more = current != Guid.Empty;
                if (more) await to.WriteLineAsync();
            }
        }

        return written;
    }

    /// <summary>The entries of the transactions of a day that follow one of them, a page of transactions.</summary>
    private static IAsyncEnumerable<Line> Lines(Db db, DateOnly day, long tx, Guid id, CancellationToken ct) => db.Stream(
        $"""
        select t.id, t.tx, d.number, coalesce(d.function, ''), coalesce(d.kind, ''), t.memo, t.document_id, e.account_id, e.amount
        from (select id, tx, memo, document_id from ledger_transaction where business_date = {day} and (tx > {tx} or (tx = {tx} and id > {id})) order by tx, id limit {Page}) t
        join entry e on e.transaction_id = t.id left join document d on d.id = t.document_id
        order by t.tx, t.id, e.line
        """,
        row => new Line(row.Guid(0), row.Long(1), row.TextOrNull(2), row.Text(3), row.Text(4), row.TextOrNull(5), row.Guid(6), row.Long(7), row.Long(8)), ct);

    private async Task Closing(Db db, DateOnly? from, DateOnly? until, CancellationToken ct)
    {
        var end = until ?? DateOnly.MaxValue;
        if (await db.First($"select max(business_date) from ledger_transaction where business_date <= {end}", row => row.DateOrNull(0), ct) is not { } last) return;
        // Behind the opening, when nothing happened since.
        if (from is { } first && last < first) last = first.AddDays(-1);
        var sums = await Sums(db, $"where business_date <= {end}", ct);
        if (format == LedgerFormat.Hledger)
        {
            await to.WriteLineAsync($"{Day(last)} Closing balances");
            foreach (var (account, amount) in sums) await to.WriteLineAsync($"    {accounts[account].Name}  0 {units[accounts[account].UnitId].Name} = {Amount(account, amount)}");
            return;
        }

        foreach (var (account, amount) in WithSubaccounts(sums))
            await to.WriteLineAsync($"{Day(last.AddDays(1))} balance {accounts[account].Name}  {Number(account, amount)} ~ 0 {units[accounts[account].UnitId].Name}");
    }

    /// <summary>What Beancount takes for the balance of an account: its own, and that of the accounts below it in the same unit.</summary>
    private List<(long Account, long Amount)> WithSubaccounts(List<(long Account, long Amount)> sums)
    {
        var places = sums.Select((sum, at) => (Key: (accounts[sum.Account].Name, accounts[sum.Account].UnitId), at)).ToDictionary(sum => sum.Key, sum => sum.at);
        List<(long Account, long Amount)> all = [.. sums];
        foreach (var (account, amount) in sums)
        {
            var (name, unit) = (accounts[account].Name, accounts[account].UnitId);
            for (var end = name.LastIndexOf(':'); end > 0; end = name.LastIndexOf(':', end - 1))
                if (places.TryGetValue((name[..end], unit), out var above)) all[above] = (all[above].Account, checked(all[above].Amount + amount));
        }

        return all;
    }

    private async Task Header(DateOnly day, Line line)
    {
        var what = OneLine(line.Memo is { Length: > 0 } memo ? $"{line.Function} {line.Kind}, {memo}" : $"{line.Function} {line.Kind}");
        if (format == LedgerFormat.Hledger)
        {
            var code = line.Number is { Length: > 0 } number ? $"({OneLine(number).Replace('(', ' ').Replace(')', ' ')}) " : "";
            await to.WriteLineAsync($"{Day(day)} {code}{what}  ; transaction:{line.Transaction:D}, document:{line.Document:D}");
        }
        else
        {
            await to.WriteLineAsync($"{Day(day)} * {Quoted(line.Number ?? "")} {Quoted(what)}");
            await to.WriteLineAsync($"  transaction: \"{line.Transaction:D}\"");
            await to.WriteLineAsync($"  document: \"{line.Document:D}\"");
        }
    }

    private Task Posting(long account, long amount) => to.WriteLineAsync($"    {accounts[account].Name}  {Amount(account, amount)}");

    private string Amount(long account, long amount) => $"{Number(account, amount)} {units[accounts[account].UnitId].Name}";

    private string Number(long account, long amount)
    {
        var scale = units[accounts[account].UnitId].Scale;
        return DecimalText.Format(amount, scale, scale > 4 ? 0 : scale);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Text that stays on its line and starts no comment.</summary>
    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[])['\r', '\n', '\t', ' ', ';', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string Quoted(string text) => $"\"{OneLine(text).Replace(@"\", @"\\").Replace("\"", "\\\"")}\"";
}
