using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Plug1.Books.Statements;
using Plug1.Kernel.Reporting.Exports;
using Plug1.Kernel.Reporting.Files;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Books.Tests;

/// <summary>What leaves the program as a file says to the cent what the statement says, and that is what the entries say.</summary>
public class StatementFileScenarios
{
    private static readonly XNamespace Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    [Theory, OnBothEngines]
    public async Task Files_of_all_statements_have_the_figures_of_the_statement_line_by_line(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.TheYearOfTheGuide();
        await OddCents(office);
        await office.SumUp();
        // Some are summed up already and some are not.
        await office.Post("2025-12-30", "6400 D 0.01", "1050 C 0.01");
        var compared = 0;
        foreach (var request in new[] { office.Request("2025-03-01", "2025-12-31"), office.Request("2025-07-01", "2025-12-31", compare: "previous"), office.Request("2025-01-01", "2025-12-31", byBranch: true) })
        {
            foreach (var statement in new[] { await office.Trial(request), await office.Ledger(request), await office.Income(request), await office.Balance(request), await office.Cash(request) })
            {
                var told = statement.Lines.Select(line => $"{line.Label}|{string.Join('|', line.Amounts.Select(amount => amount?.ToString(CultureInfo.InvariantCulture) ?? ""))}".TrimEnd('|')).ToList();
                var table = StatementTelling.Table(statement, request, await office.Viewer(), office.Clock.Now);
                Lines(await Csv(table), statement).ShouldBe(told, $"{statement.Code} as CSV");
                Lines(await Xlsx(table), statement).ShouldBe(told, $"{statement.Code} as XLSX");
                compared += told.Count;
            }
        }

        compared.ShouldBe(181, "lines of fifteen statements");
    }

    [Theory, OnBothEngines]
    public async Task The_figures_in_the_files_are_those_of_the_entries(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.TheYearOfTheGuide();
        await OddCents(office);
        await office.SumUp();
        var balances = (await office.Database.Read(db => db.Query(
            $"select a.gl_code, sum(e.amount) from entry e join account a on a.id = e.account_id join gl_account g on g.code = a.gl_code where g.kind in ('asset', 'liability', 'equity', 'income', 'expense') group by a.gl_code",
            row => (row.Text(0), row.Long(1))))).ToDictionary(row => row.Item1, row => row.Item2);
        var request = office.Request("2025-01-01", "2025-12-31");
        async Task<Dictionary<string, string[]>> File(Statement statement) =>
            (await Csv(StatementTelling.Table(statement, request, await office.Viewer(), office.Clock.Now))).Skip(1).Where(row => row.Skip(1).Any(cell => cell.Length > 0)).GroupBy(row => row[0].Trim()).ToDictionary(group => group.Key, group => group.Last()[1..]);

        // The ledger: each account closes with the sum of its entries, and all movements balance.
        var ledger = await File(await office.Ledger(request));
        foreach (var (account, balance) in balances) Cents(ledger.Single(line => line.Key.StartsWith(account + " ", StringComparison.Ordinal)).Value[^1]).ShouldBe(balance, account);
        Cents(ledger["Total"][1]).ShouldBe(Cents(ledger["Total"][2]));

        var trial = await File(await office.Trial(request));
        (Cents(trial["Total"][0]), Cents(trial["Total"][1])).ShouldBe((balances.Values.Where(balance => balance > 0).Sum(), -balances.Values.Where(balance => balance < 0).Sum()));

        var income = await File(await office.Income(request));
        var result = -balances.Where(account => account.Key[0] is '4' or '5' or '6' or '7').Sum(account => account.Value);
        Cents(income["Result"][0]).ShouldBe(result);

        var sheet = await File(await office.Balance(request));
        Cents(sheet["Total assets"][0]).ShouldBe(balances.Where(account => account.Key[0] == '1').Sum(account => account.Value));
        Cents(sheet["Result not closed yet"][0]).ShouldBe(result);
        Cents(sheet["Total assets"][0]).ShouldBe(Cents(sheet["Total liabilities and equity"][0]));

        var cash = await File(await office.Cash(request));
        Cents(cash["Cash at the end"][^1]).ShouldBe(balances["1000"] + balances["1010"] + balances["1050"]);
    }

    /// <summary>Journals with amounts that no binary fraction has, some of them over both branches.</summary>
    private static async Task OddCents(Office office)
    {
        var dice = new Random(20250115);
        string[] accounts = ["6400", "6500", "1050", "3900"];
        for (var made = 0; made < 25; made++)
        {
            var day = new DateOnly(2025, 1, 1).AddDays(dice.Next(360)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var (one, other) = (dice.Next(1, 49_999), dice.Next(1, 49_999));
            var (debit, more, credit) = (accounts[dice.Next(2)], accounts[dice.Next(2)], accounts[dice.Next(2, 4)]);
            await office.Post(day, $"{debit} D {Text(one)}", $"{more} D {Text(other)}{(dice.Next(2) == 0 ? " WEST" : "")}", $"{credit} C {Text(one + other)}");
        }
    }

    private static string Text(long cents) => string.Create(CultureInfo.InvariantCulture, $"{cents / 100}.{cents % 100:00}");

    private static long Cents(string figure) => figure.Length == 0 ? 0 : (long)(decimal.Parse(figure, CultureInfo.InvariantCulture) * 100);

    /// <summary>The rows of a file under its heading, figures in cents.</summary>
    private static IReadOnlyList<string> Lines(IReadOnlyList<string[]> rows, Statement statement)
    {
        var heading = rows.ToList().FindIndex(row => row[0] == statement.Title && row.Length == statement.Columns.Count + 1);
        heading.ShouldBeGreaterThanOrEqualTo(0);
        return [.. rows.Skip(heading + 1).Select(row => $"{row[0].Trim()}|{string.Join('|', row[1..].Select(cell => cell.Length == 0 ? "" : Cents(cell).ToString(CultureInfo.InvariantCulture)))}".TrimEnd('|'))];
    }

    private static async Task<IReadOnlyList<string[]>> Csv(ReportTable table)
    {
        using var file = new MemoryStream();
        await ReportFiles.Write(table, "csv", file, default);
        return [.. Encoding.UTF8.GetString(file.ToArray()).TrimStart('\ufeff').Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(Cells)];
    }

    private static string[] Cells(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        foreach (var sign in line)
        {
            if (sign == '"') quoted = !quoted;
            else if (sign == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else cell.Append(sign);
        }

        return [.. cells, cell.ToString()];
    }

    /// <summary>The cells of the sheet as the file has them, by their column.</summary>
    private static async Task<IReadOnlyList<string[]>> Xlsx(ReportTable table)
    {
        using var file = new MemoryStream();
        await ReportFiles.Write(table, "xlsx", file, default);
        using var package = new ZipArchive(file, ZipArchiveMode.Read);
        // The sheet behind it says what the file is about.
        await using var stream = package.GetEntry("xl/worksheets/sheet1.xml")!.Open();
        var sheet = await XDocument.LoadAsync(stream, LoadOptions.None, default);
        return [.. sheet.Descendants(Sheet + "row").Select(row => row.Elements(Sheet + "c").Select(cell => cell.Value).ToArray())];
    }
}
