using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Storage;

/// <summary>What the database itself refuses, whatever the program above it does.</summary>
public sealed class LedgerLawTests
{
    private static readonly Table Transaction = new("ledger_transaction",
        ("id", Kind.Id), ("document_id", Kind.Id), ("branch_id", Kind.Id), ("user_id", Kind.Id), ("business_date", Kind.Date), ("posted_at", Kind.Instant), ("memo", Kind.Text));

    private static readonly Table Entry = new("entry",
        ("transaction_id", Kind.Id), ("line", Kind.Long), ("account_id", Kind.Long), ("unit_id", Kind.Long), ("amount", Kind.Long), ("business_date", Kind.Date), ("value_date", Kind.Date));

    private static readonly Guid Id = Guid.Parse("0198c0de-0000-7000-8000-00000000000a");
    private static readonly DateOnly Day = new(2025, 1, 15);

    // Accounts 1 and 2 are in unit 1, account 3 is in unit 2.
    [Theory, OnBothEngines]
    public async Task Entries_that_sum_to_zero_in_every_unit_are_taken(Engine engine)
    {
        await using var test = await Ledger(engine);
        await Post(test, Id, (1, 1, 500), (2, 1, -500), (3, 2, 7), (3, 2, -7));

        (await test.Database.Read(db => db.Number($"select count(*) from entry"))).ShouldBe(4);
    }

    [Theory, OnBothEngines]
    public async Task A_transaction_that_does_not_sum_to_zero_is_refused(Engine engine)
    {
        await using var test = await Ledger(engine);
        await Refused(test, "LEDGER_UNBALANCED", tx => Write(tx, Id, (1, 1, 500), (2, 1, -499)));
    }

    [Theory, OnBothEngines]
    public async Task A_transaction_that_balances_over_two_units_but_in_neither_is_refused(Engine engine)
    {
        await using var test = await Ledger(engine);
        await Refused(test, "LEDGER_UNBALANCED", tx => Write(tx, Id, (1, 1, 500), (3, 2, -500)));
    }

    [Theory, OnBothEngines]
    public async Task A_transaction_without_entries_is_refused(Engine engine)
    {
        await using var test = await Ledger(engine);
        await Refused(test, "LEDGER_UNBALANCED", tx => Write(tx, Id));
    }

    [Theory, OnBothEngines]
    public async Task An_entry_after_its_transaction_is_refused_even_at_once_and_even_in_balance(Engine engine)
    {
        await using var test = await Ledger(engine);
        await Refused(test, "LEDGER_TRANSACTION_COMPLETE", tx =>
        {
            Write(tx, Id, (1, 1, 500), (2, 1, -500));
            Entries(tx, Id, 10, (1, 1, 1), (2, 1, -1));
        });
        await Post(test, Id, (1, 1, 500), (2, 1, -500));
        await Refused(test, "LEDGER_TRANSACTION_COMPLETE", tx => Entries(tx, Id, 10, (1, 1, 1)));
        await Refused(test, "LEDGER_TRANSACTION_COMPLETE", tx => Entries(tx, Id, 10, (1, 1, 1), (2, 1, -1)));
    }

    [Theory, OnBothEngines]
    public async Task An_entry_in_another_unit_than_its_account_is_refused(Engine engine)
    {
        await using var test = await Ledger(engine);
        await Refused(test, "LEDGER_UNIT_MISMATCH", tx => Write(tx, Id, (1, 1, 500), (3, 1, -500)));
    }

    [Theory, OnBothEngines]
    public async Task An_entry_of_no_account_is_refused(Engine engine)
    {
        await using var test = await Ledger(engine);
        await Refused(test, null, tx => Write(tx, Id, (1, 1, 500), (99, 1, -500)));
    }

    [Theory, OnBothEngines]
    public async Task Entries_without_a_transaction_are_refused_at_the_commit(Engine engine)
    {
        await using var test = await Ledger(engine);
        await Refused(test, null, tx => Entries(tx, Id, 1, (1, 1, 500), (2, 1, -500)));
    }

    [Theory, OnBothEngines]
    public async Task What_was_posted_is_neither_changed_nor_deleted(Engine engine)
    {
        await using var test = await Ledger(engine);
        await Post(test, Id, (1, 1, 500), (2, 1, -500));

        await Refused(test, "LEDGER_APPEND_ONLY", tx => tx.Stage($"update entry set amount = 0"));
        await Refused(test, "LEDGER_APPEND_ONLY", tx => tx.Stage($"update entry set value_date = {Day.AddDays(1)} where line = 1"));
        await Refused(test, "LEDGER_APPEND_ONLY", tx => tx.Stage($"delete from entry"));
        await Refused(test, "LEDGER_APPEND_ONLY", tx => tx.Stage($"delete from entry where transaction_id = {Id}"));
        await Refused(test, "LEDGER_APPEND_ONLY", tx => tx.Stage($"update ledger_transaction set memo = 'x'"));
        await Refused(test, "LEDGER_APPEND_ONLY", tx => tx.Stage($"delete from ledger_transaction"));
    }

    [Fact]
    public async Task On_PostgreSQL_the_ledger_is_not_truncated()
    {
        await using var test = await Ledger(Engine.Postgres);
        await Post(test, Id, (1, 1, 500), (2, 1, -500));

        await Refused(test, "LEDGER_APPEND_ONLY", tx => tx.Stage($"truncate entry"));
        await Refused(test, "LEDGER_APPEND_ONLY", tx => tx.Stage($"truncate ledger_transaction cascade"));
        await Refused(test, "AUDIT_APPEND_ONLY", tx => tx.Stage($"truncate audit_event"));
    }

    [Fact]
    public async Task On_SQLite_insert_or_replace_is_no_way_around()
    {
        await using var test = await Ledger(Engine.Sqlite);
        await Post(test, Id, (1, 1, 500), (2, 1, -500));
        var other = Guid.CreateVersion7();

        await Refused(test, "LEDGER_TRANSACTION_COMPLETE", tx => tx.Stage($"insert or replace into entry select transaction_id, line, account_id, unit_id, 0, business_date, value_date from entry"));
        await Refused(test, "LEDGER_APPEND_ONLY", tx => tx.Stage($"insert or replace into ledger_transaction select * from ledger_transaction"));
        await Refused(test, null, tx =>
        {
            Entries(tx, other, 1, (1, 1, 5), (2, 1, -5));
            tx.Stage($"insert or replace into ledger_transaction (tx, id, document_id, branch_id, user_id, business_date, posted_at) select tx, {other}, document_id, branch_id, user_id, business_date, posted_at from ledger_transaction");
        });
        await Refused(test, null, tx => tx.Stage($"insert into entry (transaction_id, line, account_id, unit_id, amount, business_date, value_date) values ({other}, 1, 1, 1, 'much', '2025-01-15', '2025-01-15')"));
    }

    [Theory, OnBothEngines]
    public async Task A_reversal_is_posted_once(Engine engine)
    {
        await using var test = await Ledger(engine);
        await Post(test, Id, (1, 1, 500), (2, 1, -500));
        void Reverse(Tx tx)
        {
            var id = Guid.CreateVersion7();
            Entries(tx, id, 1, (1, 1, -500), (2, 1, 500));
            tx.Stage($"insert into ledger_transaction (id, document_id, branch_id, user_id, business_date, posted_at, reversal_of) values ({id}, {Id}, {Id}, {Id}, {Day}, {DateTimeOffset.UnixEpoch}, {Id})");
        }

        await test.Database.Write(tx =>
        {
            Reverse(tx);
            return tx.Flush();
        });
        Dialect.IsUniqueViolation(await Refused(test, null, Reverse)).ShouldBeTrue();
    }

    [Theory, OnBothEngines]
    public async Task A_balance_below_its_limit_is_refused_as_a_broken_check_unless_a_permission_let_it_pass(Engine engine)
    {
        await using var test = await Ledger(engine);
        await test.Database.Write(tx => tx.Execute($"insert into balance (account_id, amount, lower_limit, upper_limit) values (1, 10, 0, 100)"));

        Dialect.IsCheckViolation(await Refused(test, null, tx => tx.Stage($"update balance set amount = amount - 11"))).ShouldBeTrue();
        Dialect.IsCheckViolation(await Refused(test, null, tx => tx.Stage($"update balance set amount = amount + 91"))).ShouldBeTrue();
        await test.Database.Write(tx => tx.Execute($"update balance set amount = amount - 11, below_ok = {true}"));
        (await test.Database.Read(db => db.Number($"select amount from balance"))).ShouldBe(-1);
    }

    [Theory, OnBothEngines]
    public async Task An_unbalanced_posting_is_not_taken_for_a_broken_limit(Engine engine)
    {
        await using var test = await Ledger(engine);
        var failure = await Refused(test, "LEDGER_UNBALANCED", tx => Write(tx, Id, (1, 1, 500)));

        Dialect.IsCheckViolation(failure).ShouldBeFalse();
        Dialect.IsUniqueViolation(failure).ShouldBeFalse();
    }

    [Theory, OnBothEngines]
    public async Task An_audit_event_is_neither_changed_deleted_nor_replaced(Engine engine)
    {
        await using var test = await Ledger(engine);
        await test.Database.Write(tx => tx.Execute($"insert into audit_event (id, at, user_name, roles, function, action, object_kind, outcome) values ({Id}, {DateTimeOffset.UnixEpoch}, 'ann', '', 'f', 'a', 'k', 'done')"));

        await Refused(test, "AUDIT_APPEND_ONLY", tx => tx.Stage($"update audit_event set user_name = 'bob'"));
        await Refused(test, "AUDIT_APPEND_ONLY", tx => tx.Stage($"delete from audit_event"));
        if (engine == Engine.Sqlite) await Refused(test, "AUDIT_APPEND_ONLY", tx => tx.Stage($"insert or replace into audit_event select * from audit_event"));
    }

    private static async Task<TestDatabase> Ledger(Engine engine)
    {
        var test = await TestDatabase.Create(engine);
        await test.Database.Write(async tx =>
        {
            tx.Stage($"insert into unit (code, scale, kind) values ('EUR', 2, 'currency'), ('KG', 6, 'item')");
            tx.Stage($"insert into gl_account (code, name, kind) values ('1000', 'Cash', 'asset')");
            tx.Stage($"insert into account (role, gl_code, unit_id) values ('cash', '1000', 1), ('sales', '1000', 1), ('stock', '1000', 2)");
            await tx.Flush();
        });
        return test;
    }

    private static void Entries(Tx tx, Guid id, long from, params IReadOnlyList<(long Account, long Unit, long Amount)> entries) =>
        tx.Insert(Entry, [.. entries.Select((entry, at) => new object?[] { id, from + at, entry.Account, entry.Unit, entry.Amount, Day, Day })]);

    private static void Write(Tx tx, Guid id, params IReadOnlyList<(long Account, long Unit, long Amount)> entries)
    {
        Entries(tx, id, 1, entries);
        tx.Insert(Transaction, [id, Id, Id, Id, Day, DateTimeOffset.UnixEpoch, null]);
    }

    private static Task Post(TestDatabase test, Guid id, params IReadOnlyList<(long Account, long Unit, long Amount)> entries) => test.Database.Write(tx =>
    {
        Write(tx, id, entries);
        return Task.CompletedTask;
    });

    /// <summary>The work must fail, with the code where a trigger gives one, and leave the ledger as it was.</summary>
    private static async Task<Exception> Refused(TestDatabase test, string? code, Action<Tx> work)
    {
        var before = await State(test);
        var failure = await Should.ThrowAsync<System.Data.Common.DbException>(() => test.Database.Write(tx =>
        {
            work(tx);
            return Task.CompletedTask;
        }));
        if (code is not null) Dialect.ViolatedName(failure).ShouldContain(code);
        (await State(test)).ShouldBe(before);
        return failure;
    }

    private static Task<List<string>> State(TestDatabase test) => test.Database.Read(db => db.Query($"""
        select id || coalesce(memo, '') || business_date as line from ledger_transaction
        union all select transaction_id || '/' || line || '/' || account_id || '/' || amount || '/' || value_date from entry
        union all select user_name from audit_event order by 1
        """, row => row.Text(0)));
}
