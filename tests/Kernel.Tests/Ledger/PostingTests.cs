using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Ledger;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Ledger;

/// <summary>Laws of a posting, whatever its lines.</summary>
public sealed class PostingTests
{
    private static readonly AccountRole[] Roles = [AccountRoles.Bank, AccountRoles.Safe, AccountRoles.SalesRevenue, AccountRoles.OutputTax];
    private static readonly string[] Units = ["EUR", "ITEM:A", "ITEM:B"];

    private static readonly Arbitrary<(int Role, int Unit, int Amount)[]> Lines = (
        from role in Gen.Choose(0, 3)
        from unit in Gen.Choose(0, 2)
        from amount in Gen.Choose(-3, 3)
        select (role, unit, amount)).ArrayOf().ToArbitrary();

    private static Posting Of(IEnumerable<(int Role, int Unit, int Amount)> lines)
    {
        var posting = new Posting(Guid.Empty, new DateOnly(2025, 1, 15));
        foreach (var (role, unit, amount) in lines) posting.Debit(new AccountKey(Roles[role], Units[unit]), amount);
        return posting;
    }

    [Fact]
    public void A_posting_balances_exactly_when_every_unit_sums_to_zero() => Prop.ForAll(Lines, lines =>
        Of(lines).IsBalanced == lines.GroupBy(line => line.Unit).All(unit => unit.Sum(line => (long)line.Amount) == 0)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_posting_with_its_mirror_balances() => Prop.ForAll(Lines, lines =>
        Of(lines.Concat(lines.Select(line => (line.Role, line.Unit, -line.Amount)))).IsBalanced).QuickCheckThrowOnFailure();

    [Fact]
    public void A_short_and_a_long_posting_are_weighed_alike() => Prop.ForAll(Lines, lines =>
    {
        // Beyond 64 lines another way of summing is taken.
        var padding = Enumerable.Range(0, 40).SelectMany(_ => new[] { (0, 0, 5), (1, 0, -5) });
        return Of(lines).IsBalanced == Of(lines.Concat(padding)).IsBalanced;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Zero_is_no_line_and_a_credit_is_a_negative_debit() => Prop.ForAll(Lines, lines =>
    {
        var credited = new Posting(Guid.Empty, new DateOnly(2025, 1, 15));
        foreach (var (role, unit, amount) in lines) credited.Credit(new AccountKey(Roles[role], Units[unit]), -amount);
        return Of(lines).Lines.All(line => line.Amount != 0) && credited.Lines.SequenceEqual(Of(lines).Lines);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Goods_that_move_always_balance() => Prop.ForAll(Gen.Choose(-1000, 1000).ToArbitrary(), quantity =>
        new Posting(Guid.Empty, new DateOnly(2025, 1, 15)).Move(new AccountKey(AccountRoles.Store, "ITEM:A"), new AccountKey(AccountRoles.Customer, "ITEM:A"), quantity).IsBalanced).QuickCheckThrowOnFailure();

    [Fact]
    public void Sums_beyond_64_bits_neither_wrap_nor_pass_for_zero()
    {
        var posting = Of([]).Debit(new AccountKey(Roles[0], "EUR"), long.MaxValue).Debit(new AccountKey(Roles[1], "EUR"), long.MaxValue).Debit(new AccountKey(Roles[2], "EUR"), 2);
        posting.IsBalanced.ShouldBeFalse();
        Should.Throw<OverflowException>(() => posting.Credit(new AccountKey(Roles[0], "EUR"), long.MinValue));
    }
}
