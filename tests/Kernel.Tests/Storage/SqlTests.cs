using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Storage;

public sealed class SqlTests
{
    [Fact]
    public void A_value_becomes_a_parameter_and_never_text()
    {
        var name = "x'; drop table thing; --";
        Sql sql = Of($"select 1 from thing where name = {name} and amount > {5L}");

        sql.Text.ShouldBe("select 1 from thing where name = @p0 and amount > @p1");
        sql.Values.ShouldBe([name, 5L]);
    }

    [Fact]
    public void A_nested_piece_brings_its_parameters_in_order()
    {
        Sql inner = Of($"day between {1L} and {2L}");
        Sql outer = Of($"a = {0L} and {inner} and b = {3L}");

        outer.Text.ShouldBe("a = @p0 and day between @p1 and @p2 and b = @p3");
        outer.Values.ShouldBe([0L, 1L, 2L, 3L]);
    }

    [Fact]
    public void A_literal_that_looks_like_a_parameter_stays_as_it_is()
    {
        Sql inner = Of($"mail like '%@p7' and '@plug' <> {1L}");
        Sql outer = Of($"{inner} or x = {2L}");

        outer.Text.ShouldBe("mail like '%@p7' and '@plug' <> @p0 or x = @p1");
    }

    [Fact]
    public void An_interpolated_string_within_one_is_a_piece_of_sql_and_text_is_made_beforehand()
    {
        var pattern = $"%{5}%";

        Of($"a = {0L} and {$"b = {1L}"}").Text.ShouldBe("a = @p0 and b = @p1");
        Of($"a like {pattern}").Values.ShouldBe(["%5%"]);
    }

    [Fact]
    public void Pieces_are_joined_and_raw_text_has_no_parameters()
    {
        Sql first = Of($"a = {1L}");
        Sql second = Of($"b = {2L}");
        var joined = Sql.Join(" and ", [first, Sql.Raw("c is null"), second]);

        joined.Text.ShouldBe("a = @p0 and c is null and b = @p1");
        Sql.Raw("").IsEmpty.ShouldBeTrue();
    }

    [Theory, OnBothEngines]
    public async Task A_membership_test_takes_any_number_of_members_none_included(Engine engine)
    {
        await using var test = await Things.Create(engine);
        foreach (var name in new[] { "a", "b", "c", "ü'\"" }) await test.Database.Add(name);

        async Task<long> Count(IEnumerable<string> names) => await test.Database.Read(db => db.Number($"select count(*) from thing where name {Sql.List(names)}"));
        (await Count([])).ShouldBe(0);
        (await Count(["a"])).ShouldBe(1);
        (await Count(["a", "c", "x", "ü'\""])).ShouldBe(3);
    }

    [Theory, OnBothEngines]
    public async Task A_membership_test_works_for_every_type_of_key(Engine engine)
    {
        await using var test = await Things.Create(engine);
        var (id, at, day) = (Guid.CreateVersion7(), new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)), new DateOnly(2025, 3, 1));
        await test.Database.Write(async tx =>
        {
            tx.Insert(Things.Table, [id, "a", 7L, day, at, true, null]);
            await tx.Flush();
        });

        (await test.Database.Read(db => db.Number($"""
            select count(*) from thing where id {Sql.List([id])} and amount {Sql.List([7L, 8L])} and day {Sql.List([day])} and at {Sql.List([at])} and done {Sql.List([true])}
            """))).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task A_membership_test_among_more_than_ten_parameters_keeps_each_in_its_place(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Add("a", 5);

        // With eleven parameters, @p1 is also the beginning of @p10.
        (await test.Database.Read(db => db.Number($"""
            select count(*) from thing where {0L} = {0L} and name {Sql.List(["a", "b"])}
              and amount <> {1L} and amount <> {2L} and amount <> {3L} and amount <> {4L} and amount = {5L}
              and amount <> {6L} and amount <> {7L} and amount <> {8L} and amount <> {9L} and amount {Sql.List([5L])}
            """))).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task What_each_engine_would_keep_in_its_own_way_is_not_taken_at_all(Engine engine)
    {
        await using var test = await Things.Create(engine);
        await test.Database.Read(async db =>
        {
            await Should.ThrowAsync<InvalidOperationException>(() => db.Number($"select count(*) from thing where amount = {1.5m}"));
            await Should.ThrowAsync<InvalidOperationException>(() => db.Number($"select count(*) from thing where at = {DateTime.UnixEpoch}"));
            await Should.ThrowAsync<InvalidOperationException>(() => db.Number($"select count(*) from thing where name = {Kind.Text}"));
            return 0;
        });
    }

    private static Sql Of(Sql sql) => sql;
}
