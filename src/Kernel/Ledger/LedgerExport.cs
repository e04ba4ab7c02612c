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

/// <summary>Writes the whole ledger, all units, for another program to check: <c>hledger check</c> accepts it and has our balances.</summary>
/// <remarks>
/// <para>Amounts are exact decimals of the unit's scale; nothing is rounded. Transactions come in the order of business days. What happened
/// before the first day asked for is one opening transaction, so that the balances at the end are those of the ledger.</para>
/// <para>Rows are streamed: memory grows with the number of accounts, not of entries.</para>
/// </remarks>
public sealed class LedgerExport
{
    private readonly LedgerFormat format;
    private readonly TextWriter to;
    private readonly Dictionary<long, Unit> units = [];
    private readonly Dictionary<long, Named> accounts = [];

    private LedgerExport(LedgerFormat format, TextWriter to) => (this.format, this.to) = (format, to);

    private sealed record Unit(string Code, string Name, int Scale);

    private sealed record Named(string Name, string Kind, long UnitId);

    private sealed record Line(Guid Transaction, DateOnly Day, string? Number, string Function, string Kind, string? Memo, Guid Document, long Account, long Amount);

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
        return await export.Transactions(db, from, until, written, ct);
    }

    private async Task Head(Db db, CancellationToken ct)
    {
        var company = await db.First($"select name, currency from company", row => (Name: row.Text(0), Currency: row.Text(1)), ct);
        foreach (var (id, code, scale) in await db.Query($"select id, code, scale from unit order by id", row => (row.Long(0), row.Text(1), row.Int(2)), ct))
            units[id] = new Unit(code, format == LedgerFormat.Hledger ? LedgerNames.Hledger(code) : LedgerNames.Beancount(code, id), scale);
        var known = await db.Query(
            $"select a.id, g.kind, a.gl_code, a.role, a.subject, a.unit_id from account a join gl_account g on g.code = a.gl_code order by a.gl_code, a.role, a.subject, a.id",
            row => (Id: row.Long(0), Account: new Named(LedgerNames.Account(row.Text(1), row.Text(2), row.Text(3), row.Text(4)), row.Text(1), row.Long(5))), ct);
        foreach (var (id, account) in known) accounts[id] = account;
        var start = await db.First($"select min(business_date) from ledger_transaction", row => row.DateOrNull(0), ct) ?? new DateOnly(1970, 1, 1);
        if (format == LedgerFormat.Hledger) await HeadOfHledger(company.Name);
        else await HeadOfBeancount(company.Name, company.Currency, start);
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
        if (currency is not null) await to.WriteLineAsync($"option \"operating_currency\" \"{currency}\"");
        foreach (var unit in units.Values)
        {
            await to.WriteLineAsync($"{Day(start)} commodity {unit.Name}");
            if (unit.Code != unit.Name) await to.WriteLineAsync($"  unit: {Quoted(unit.Code)}");
        }

        foreach (var (name, _) in Declared()) await to.WriteLineAsync($"{Day(start)} open {name}");
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
        var sums = await db.Query(
            $"select account_id, sum(amount) from entry where business_date < {first} group by account_id having sum(amount) <> 0 order by account_id",
            row => (Account: row.Long(0), Amount: row.Long(1)), ct);
        if (sums.Count == 0) return;
        await to.WriteLineAsync(format == LedgerFormat.Hledger ? $"{Day(first)} Opening balances" : $"{Day(first)} * \"Opening balances\"");
        foreach (var (account, amount) in sums) await Posting(account, amount);
        await to.WriteLineAsync();
    }

    private async Task<long> Transactions(Db db, DateOnly? from, DateOnly? until, Action<long>? told, CancellationToken ct)
    {
        var (first, last) = (from ?? DateOnly.MinValue, until ?? DateOnly.MaxValue);
        var lines = db.Stream(
            $"""
            select t.id, t.business_date, d.number, coalesce(d.function, ''), coalesce(d.kind, ''), t.memo, t.document_id, e.account_id, e.amount
            from ledger_transaction t join entry e on e.transaction_id = t.id left join document d on d.id = t.document_id
            where t.business_date >= {first} and t.business_date <= {last}
            order by t.business_date, t.tx, t.id, e.line
            """,
            row => new Line(row.Guid(0), row.Date(1), row.TextOrNull(2), row.Text(3), row.Text(4), row.TextOrNull(5), row.Guid(6), row.Long(7), row.Long(8)), ct);
        var current = Guid.Empty;
        long written = 0;
        await foreach (var line in lines)
        {
            if (line.Transaction != current)
            {
                if (current != Guid.Empty) await to.WriteLineAsync();
                current = line.Transaction;
                await Header(line);
                if (++written % 1_000 == 0) told?.Invoke(written);
            }

            await Posting(line.Account, line.Amount);
        }

        await to.FlushAsync(ct);
        return written;
    }

    private async Task Header(Line line)
    {
        var what = OneLine(line.Memo is { Length: > 0 } memo ? $"{line.Function} {line.Kind}, {memo}" : $"{line.Function} {line.Kind}");
        if (format == LedgerFormat.Hledger)
        {
            var code = line.Number is { Length: > 0 } number ? $"({OneLine(number).Replace('(', ' ').Replace(')', ' ')}) " : "";
            await to.WriteLineAsync($"{Day(line.Day)} {code}{what}  ; transaction:{line.Transaction:D}, document:{line.Document:D}");
        }
        else
        {
            await to.WriteLineAsync($"{Day(line.Day)} * {Quoted(line.Number ?? "")} {Quoted(what)}");
            await to.WriteLineAsync($"  transaction: \"{line.Transaction:D}\"");
            await to.WriteLineAsync($"  document: \"{line.Document:D}\"");
        }
    }

    private Task Posting(long accountId, long amount)
    {
        var account = accounts[accountId];
        var unit = units[account.UnitId];
        return to.WriteLineAsync($"    {account.Name}  {DecimalText.Format(amount, unit.Scale, unit.Scale > 4 ? 0 : unit.Scale)} {unit.Name}");
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Text that stays on its line and starts no comment.</summary>
    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[])['\r', '\n', '\t', ' ', ';', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string Quoted(string text) => $"\"{OneLine(text).Replace(@"\", @"\\").Replace("\"", "\\\"")}\"";
}
