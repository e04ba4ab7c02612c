using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Storage;

public sealed class MigrationTests
{
    private static readonly FakeClock Clock = new();
    private static readonly Migration One = new("m", 1, "0001-one.sql", "create table one (id {id} primary key);");
    private static readonly Migration Two = new("m", 2, "0002-two.sql", "alter table one add column name text;\ninsert into one (id, name) values ('0198c0de-0000-7000-8000-000000000001', 'x');");
    private static readonly Migration Three = new("m", 3, "0003-three.sql", "create table three (a {long});");

    [Theory, OnBothEngines]
    public async Task Each_file_is_applied_once_and_in_order(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine, []);
        (await Migrations.Apply(test.Database, [One, Two], Clock)).ShouldBe(["m/0001-one.sql", "m/0002-two.sql"]);
        (await Migrations.Apply(test.Database, [One, Two, Three], Clock)).ShouldBe(["m/0003-three.sql"]);
        (await Migrations.Apply(test.Database, [One, Two, Three], Clock)).ShouldBeEmpty();

        (await test.Database.Read(db => db.Number($"select count(*) from one"))).ShouldBe(1);
        (await test.Database.Read(db => db.Query($"select number, hash, applied_at from migration order by number", row => (row.Int(0), row.Text(1), row.Instant(2)))))
            .ShouldBe([(1, One.Hash, Clock.Now), (2, Two.Hash, Clock.Now), (3, Three.Hash, Clock.Now)]);
    }

    [Theory, OnBothEngines]
    public async Task A_file_that_was_changed_after_it_had_been_applied_is_refused(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine, []);
        await Migrations.Apply(test.Database, [One], Clock);
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => Migrations.Apply(test.Database, [One with { Text = One.Text + "\n-- changed" }, Two], Clock));

        failure.Message.ShouldContain("m/0001-one.sql");
        (await Migrations.Apply(test.Database, [One, Two], Clock)).ShouldBe(["m/0002-two.sql"]);
    }

    [Theory, OnBothEngines]
    public async Task A_database_newer_than_the_program_is_refused(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine, []);
        await Migrations.Apply(test.Database, [One, Two], Clock);

        (await Should.ThrowAsync<InvalidOperationException>(() => Migrations.Apply(test.Database, [One], Clock))).Message.ShouldContain("newer");
    }

    [Theory, OnBothEngines]
    public async Task Files_out_of_order_or_added_below_an_applied_one_are_refused(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine, []);
        await Should.ThrowAsync<InvalidOperationException>(() => Migrations.Apply(test.Database, [Two, One], Clock));
        await Should.ThrowAsync<InvalidOperationException>(() => Migrations.Apply(test.Database, [One, One], Clock));
        await Migrations.Apply(test.Database, [One, Three], Clock);

        (await Should.ThrowAsync<InvalidOperationException>(() => Migrations.Apply(test.Database, [One, Two, Three], Clock))).Message.ShouldContain("below");
    }

    [Theory, OnBothEngines]
    public async Task A_file_that_fails_leaves_nothing_of_itself_nor_of_those_before_it(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine, []);
        var broken = new Migration("m", 2, "0002-broken.sql", "create table half (a {long});\ninsert into nowhere (a) values (1);");
        await Should.ThrowAsync<System.Data.Common.DbException>(() => Migrations.Apply(test.Database, [One, broken], Clock));

        (await Migrations.Apply(test.Database, [One, Two], Clock)).Count.ShouldBe(2);
        await Should.ThrowAsync<System.Data.Common.DbException>(() => test.Database.Read(db => db.Number($"select count(*) from half")));
    }

    [Theory, OnBothEngines]
    public async Task Processes_that_start_at_once_apply_each_file_once(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine, []);
        var processes = new[] { test.OpenAgain(), test.OpenAgain(), test.OpenAgain(), test.OpenAgain() };
        var applied = await Task.WhenAll(processes.Select(process => Task.Run(() => Migrations.Apply(process, [One, Two, Three], Clock))));

        applied.Select(names => names.Count).Order().ShouldBe([0, 0, 0, 3]);
    }

    [Fact]
    public async Task Sqlite_files_may_be_opened_first_by_several_processes_at_once()
    {
        var file = Path.Combine(TestFolder.Path, "first-open", "plug1.db");
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var database = Database.Sqlite(file);
            return await Migrations.Apply(database, TestDatabase.KernelSchema, Clock);
        })));

        applied.Count(names => names.Count > 0).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public void A_file_is_cut_into_the_statements_of_its_engine(Engine engine)
    {
        const string text = """
            -- both
            create table a (
              id {id}
            );
            -- only: sqlite
            create trigger t before update on a
            begin
              select raise(abort, 'NO');
            end;
            -- only: postgres
            create function f() returns trigger language plpgsql as $$
            begin
              perform 1;
              raise exception 'NO';
            end
            $$;
            -- both

            insert into a values ('x;y');
            """;
        var statements = Migrations.Statements(engine, text).ToList();

        statements.Count.ShouldBe(3);
        statements[0].ShouldBe(engine == Engine.Postgres ? "create table a (\n  id uuid\n)" : "create table a (\n  id text\n)");
        statements[1].ShouldEndWith(engine == Engine.Postgres ? "end\n$$" : "end;");
        statements[2].ShouldBe("insert into a values ('x;y')");
        Should.Throw<InvalidOperationException>(() => Migrations.Statements(engine, "select 1").ToList());
    }
}
