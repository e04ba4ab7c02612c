using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Values;

namespace Plug1.Books.Statements;

/// <summary>What a statement was asked.</summary>
/// <param name="From">First day; of a balance sheet not used.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Compare">none, previous or year-ago.</param>
/// <param name="ByBranch">A column for each branch, and one for all.</param>
/// <param name="Scope">The branches.</param>
/// <param name="Currency">The company's currency.</param>
internal sealed record StatementRequest(DateOnly From, DateOnly To, string Compare, bool ByBranch, BranchScope Scope, Currency Currency);

/// <summary>A column of figures.</summary>
/// <param name="Key">Name.</param>
/// <param name="Label">Heading.</param>
/// <param name="From">First day of its entries; null for the beginning of the books.</param>
/// <param name="To">Last day.</param>
/// <param name="Branch">Branch, or null for all that were chosen.</param>
internal sealed record StatementColumn(string Key, string Label, DateOnly? From, DateOnly To, Guid? Branch = null);

/// <summary>A line of a statement.</summary>
/// <param name="Key">Name, unique in the statement.</param>
/// <param name="Kind">section, group, account, total or figure.</param>
/// <param name="Level">How far it is moved in, from 0.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Accounts">The accounts whose entries its figures are; none where it is worked out from other lines.</param>
/// <param name="Amounts">Minor units, a figure a column; null where there is none.</param>
internal sealed record StatementLine(string Key, string Kind, int Level, string Label, IReadOnlyList<string> Accounts, IReadOnlyList<long?> Amounts);

/// <summary>Something that must agree, shown with both its sides.</summary>
internal sealed record StatementCheck(string Code, string Label, long Left, long Right)
{
    public bool Holds => Left == Right;
}

/// <summary>A statement: figures by line and column, exact to the minor unit.</summary>
/// <param name="Code">trial-balance, general-ledger, income, balance-sheet or cash-movement.</param>
/// <param name="Title">Title.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Lines">Lines.</param>
/// <param name="Checks">What agrees.</param>
/// <param name="WithoutClosing">Whether the entries of closed years are left out.</param>
/// <param name="CashOnly">Whether its entries are only those of transactions that move cash.</param>
internal sealed record Statement(
    string Code, string Title, IReadOnlyList<StatementColumn> Columns, IReadOnlyList<StatementLine> Lines, IReadOnlyList<StatementCheck> Checks, bool WithoutClosing = false, bool CashOnly = false);

/// <summary>The ranges that columns compare, and the lines that groups of accounts make.</summary>
internal static class StatementParts
{
    /// <summary>The range that a range is compared with.</summary>
    /// <param name="compare">none, previous or year-ago.</param>
    /// <param name="from">First day.</param>
    /// <param name="to">Last day.</param>
    /// <returns>Of whole months as many months before, else as many days; or the same a year ago, a last day of a month staying one. Null for none.</returns>
    public static (DateOnly From, DateOnly To)? Compared(string compare, DateOnly from, DateOnly to)
    {
        var whole = from.Day == 1 && to.AddDays(1).Day == 1;
        if (compare == "none") return null;
        if (compare == "year-ago") return (from.AddYears(-1), whole ? to.AddDays(1).AddYears(-1).AddDays(-1) : to.AddYears(-1));
        if (!whole) return (from.AddDays(from.DayNumber - to.DayNumber - 1), from.AddDays(-1));
        var months = ((to.Year - from.Year) * 12) + to.Month - from.Month + 1;
        return (from.AddMonths(-months), from.AddDays(-1));
    }

    /// <summary>A group's code as a heading: <c>cost-of-sales</c> is "Cost of sales"; one without a name is "Other".</summary>
    public static string Heading(string group)
    {
        if (group.Length == 0) return "Other";
        var words = group.Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>The lines of accounts: each group with its accounts and, where it has several, its sum.</summary>
    /// <param name="section">Name of the section, before the keys.</param>
    /// <param name="accounts">Accounts with their figures, a figure a column.</param>
    public static IEnumerable<StatementLine> Groups(string section, IReadOnlyList<(ChartAccount Account, long[] Figures)> accounts)
    {
        foreach (var group in accounts.GroupBy(one => one.Account.Group, StringComparer.Ordinal).OrderBy(group => group.Min(one => one.Account.Code), StringComparer.Ordinal))
        {
            var ordered = group.OrderBy(one => one.Account.Code, StringComparer.Ordinal).ToList();
            yield return new StatementLine($"{section}/{group.Key}", "group", 1, Heading(group.Key), [.. ordered.Select(one => one.Account.Code)], Sum(ordered.Select(one => one.Figures), ordered[0].Figures.Length));
            foreach (var (account, figures) in ordered)
                yield return new StatementLine($"{section}/{group.Key}/{account.Code}", "account", 2, $"{account.Code} {account.Name}", [account.Code], [.. figures.Select(figure => (long?)figure)]);
        }
    }

    /// <summary>Sums by column; overflow throws.</summary>
    public static IReadOnlyList<long?> Sum(IEnumerable<long[]> rows, int columns)
    {
        var sums = new long[columns];
        foreach (var row in rows)
            for (var at = 0; at < columns; at++) sums[at] = checked(sums[at] + row[at]);
        return [.. sums.Select(sum => (long?)sum)];
    }
}
