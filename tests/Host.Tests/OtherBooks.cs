using System.Diagnostics;
using System.Globalization;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Xunit.Abstractions;

namespace Plug1.Host.Tests;

/// <summary>A balance: the account, the unit, and the exact amount.</summary>
public sealed record Held(string Account, string Unit, decimal Amount);

/// <summary>hledger and Beancount as programs: what they say of a file, and the balances that they compute from it.</summary>
internal static class OtherBooks
{
    /// <summary>Whether a format's programs are installed; says what to install where they are not, since then only our own side was tested.</summary>
    public static bool Has(LedgerFormat format, ITestOutputHelper output)
    {
        string[] programs = format == LedgerFormat.Hledger ? ["hledger"] : ["bean-check", "bean-query"];
        var missing = programs.Where(program => !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)))).ToList();
        if (missing.Count > 0) output.WriteLine($"{string.Join(", ", missing)} is not installed: apt-get install {(format == LedgerFormat.Hledger ? "hledger" : "beancount")}. Nothing was compared with it.");
        return missing.Count == 0;
    }

    /// <summary>What the program's checks find; empty when it is content.</summary>
    public static async Task<string> Check(LedgerFormat format, string file)
    {
        var (done, said) = format == LedgerFormat.Hledger ? await Run("hledger", "-f", file, "check", "--strict", "accounts", "commodities", "ordereddates", "balancednoautoconversion", "assertions")
            : await Run("bean-check", file);
        return done ? said : $"refused: {said}";
    }

    /// <summary>The balances that are not zero, by the program's own sums.</summary>
    public static async Task<List<Held>> Balances(LedgerFormat format, string file)
    {
        // Beancount's tables round to what is usual in a column; the text of a number is exact.
        var (done, said) = format == LedgerFormat.Hledger ? await Run("hledger", "-f", file, "balance", "--flat", "--no-total", "--layout", "bare", "-O", "csv")
            : await Run("bean-query", "-f", "csv", file, "select account, currency, str(sum(number)) group by account, currency");
        if (!done) throw new InvalidOperationException(said);
        return [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => format == LedgerFormat.Hledger ? line.Trim('"').Split("\",\"") : line.Split(','))
            .Select(row => new Held(row[0].Trim(), row[1].Trim(), decimal.Parse(row[2].Trim().Replace("Decimal('", "").Replace("')", ""), NumberStyles.Float, CultureInfo.InvariantCulture)))
            .Where(held => held.Amount != 0)];
    }

    /// <summary>Our balances at the end of a day that are not zero, from the entries and by the other program's names.</summary>
    public static async Task<List<Held>> Ours(Plug1 plug1, LedgerFormat format, DateOnly? until)
    {
        await using var database = Database.Open(plug1.Setting);
        return await database.Read(db => db.Query($"""
            select g.kind, a.gl_code, a.role, a.subject, u.code, u.id, u.scale, sum(e.amount) from entry e join account a on a.id = e.account_id
            join gl_account g on g.code = a.gl_code join unit u on u.id = a.unit_id where e.business_date <= {until ?? DateOnly.MaxValue}
            group by g.kind, a.gl_code, a.role, a.subject, u.code, u.id, u.scale having sum(e.amount) <> 0
            """, row => new Held(
                Account(format, row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4)),
                format == LedgerFormat.Hledger ? LedgerNames.Hledger(row.Text(4)).Trim('"') : LedgerNames.Beancount(row.Text(4), row.Long(5)),
                new decimal(row.Long(7)) / Power(row.Int(6)))));
    }

    private static string Account(LedgerFormat format, string kind, string gl, string role, string subject, string unit) => LedgerNames.Account(kind, gl, role,
        format == LedgerFormat.Hledger || kind is not ("location" or "holding" or "memorandum") ? subject : $"{subject}/{unit.Replace(':', '/')}".TrimStart('/'));

    private static decimal Power(int scale) => scale == 0 ? 1 : 10 * Power(scale - 1);

    private static async Task<(bool Done, string Said)> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // Names and quotes may hold any letter, and these programs read files in the locale's encoding.
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode == 0, process.ExitCode == 0 ? await said : $"{program} says: {await wrong}{await said}");
    }
}
