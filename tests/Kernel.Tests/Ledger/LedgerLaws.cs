using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Tests.Documents;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Ledger;

/// <summary>Random postings and mirrors, by four at once, against a sum kept in memory.</summary>
public sealed class LedgerLaws
{
    private static readonly AccountRole[] Roles = [AccountRoles.Bank, AccountRoles.Safe, AccountRoles.SalesRevenue, AccountRoles.Inventory];

    [Theory, OnBothEngines]
    public async Task Random_postings_and_mirrors_sum_to_zero_and_every_balance_is_the_sum_of_its_entries(Engine engine)
    {
        await using var house = await House.Open(engine);
        var maker = House.Person();
        var sums = (await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() => Post(house, maker, worker))))).SelectMany(one => one)
            .GroupBy(pair => pair.Key).ToDictionary(account => account.Key, account => account.Sum(pair => pair.Value));

        var found = (await house.Database.Read(db => db.Query($"""
            select a.role, u.code, a.subject, coalesce((select sum(e.amount) from entry e where e.account_id = a.id), 0), b.amount
            from account a join unit u on u.id = a.unit_id left join balance b on b.account_id = a.id
            """, row => (Account: (Role: row.Text(0), Unit: row.Text(1), Subject: row.Text(2)), Entries: row.Long(3), Balance: row.LongOrNull(4))))).ToDictionary(row => row.Account);
        found.Count.ShouldBe(sums.Count);
        foreach (var (account, sum) in sums)
        {
            found[account].Entries.ShouldBe(sum, $"{account}");
            if (account.Role == AccountRoles.Inventory.Code) found[account].Balance.ShouldBe(sum, $"{account}");
            else found[account].Balance.ShouldBeNull();
        }

        foreach (var unit in found.Values.GroupBy(row => row.Account.Unit)) unit.Sum(row => row.Entries).ShouldBe(0, unit.Key);
        await new Rollups(house.Database).CatchUp();
        // The inventory here is of no item, so its law does not apply.
        (await house.Broken()).Where(broken => !broken.StartsWith("stock-values", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_mirror_is_written_once_however_often_it_is_asked_for(Engine engine)
    {
        await using var house = await House.Open(engine);
        var maker = House.Person();
        var (header, mirror) = (await house.Document(maker), await house.Document(maker));
        await house.Database.Write(tx => house.Ledger.Post(tx, new Posting(header.Id, header.BusinessDate).Debit(new AccountKey(AccountRoles.Bank, "EUR"), 5).Credit(new AccountKey(AccountRoles.Safe, "EUR"), 5), house.StampOf(maker), null));
        for (var time = 0; time < 3; time++) await house.Database.Write(tx => house.Ledger.Mirror(tx, header.Id, mirror.Id, house.StampOf(maker), null));
        (await house.Count("select count(*) from ledger_transaction")).ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task An_unbalanced_and_an_empty_posting_are_our_bug_and_leave_nothing(Engine engine)
    {
        await using var house = await House.Open(engine);
        var maker = House.Person();
        var header = await house.Document(maker);
        foreach (var posting in new[] { new Posting(header.Id, header.BusinessDate), new Posting(header.Id, header.BusinessDate).Debit(new AccountKey(AccountRoles.Bank, "EUR"), 1).Credit(new AccountKey(AccountRoles.Bank, "USD"), 1) })
            await Should.ThrowAsync<InvariantBrokenException>(() => house.Database.Write(tx => house.Ledger.Post(tx, posting, house.StampOf(maker), null)));
        (await house.Count("select count(*) from entry")).ShouldBe(0);
    }

    private static async Task<Dictionary<(string Role, string Unit, string Subject), long>> Post(House house, Actor maker, int worker)
    {
        var (random, sums, posted) = (new Random(31 + worker), new Dictionary<(string, string, string), long>(), new List<(Guid Document, Posting Posting)>());
        void Add(Posting posting, int sign)
        {
            foreach (var line in posting.Lines)
            {
                var key = (line.Account.Role.Code, line.Account.Unit, line.Account.Subject);
                sums[key] = sums.GetValueOrDefault(key) + (sign * line.Amount);
            }
        }

        for (var step = 0; step < 40; step++)
        {
            var header = await house.Document(maker, Status.Posted);
            if (posted.Count > 0 && random.Next(3) == 0)
            {
                var at = random.Next(posted.Count);
                var (document, undone) = posted[at];
                posted.RemoveAt(at);
                await house.Database.Write(tx => house.Ledger.Mirror(tx, document, header.Id, house.StampOf(maker), null));
                Add(undone, -1);
                continue;
            }

            var posting = new Posting(header.Id, header.BusinessDate);
            foreach (var unit in new[] { "EUR", "USD", "ITEM:A" }.Take(random.Next(1, 4)))
            {
                long open = 0;
                for (var line = random.Next(1, 5); line > 0; line--)
                {
                    var amount = random.NextInt64(-1_000_000_000, 1_000_000_000);
                    posting.Debit(Account(random, unit), amount);
                    open += amount;
                }

                posting.Credit(Account(random, unit), open);
            }

            if (posting.Lines.Count == 0) continue;
            await house.Database.Write(tx => house.Ledger.Post(tx, posting, house.StampOf(maker), null));
            posted.Add((header.Id, posting));
            Add(posting, 1);
        }

        return sums;
    }

    private static AccountKey Account(Random random, string unit) => new(Roles[random.Next(Roles.Length)], unit, $"{random.Next(3)}");
}
