// as: gateway/ingest/sample.cpp
// The shapes that g++ 12 miscompiles, and what is written instead.
boost::asio::awaitable<void> bad(Peer peer, bool wide) {
    auto a = co_await run([peer] { return peer.name(); });                   // flagged: coroutine-shape
    auto b = co_await co_spawn(ex, [p = peer]() -> awaitable<int> {          // flagged: coroutine-shape
        co_return p.port();
    }, use_awaitable);
    auto c = co_await take(Options{"x", 1});                                 // flagged: coroutine-shape
    auto d = co_await take({.name = "x"});                                   // flagged: coroutine-shape
    Options options{co_await name(), 2};                                     // flagged: coroutine-shape
    auto e = co_await take(wide ? first() : second());                       // flagged: coroutine-shape
    auto f = wide ? co_await first() : std::string();                        // flagged: coroutine-shape
    auto g = co_await sum(std::vector{1, co_await one()});                   // flagged: coroutine-shape
    group.spawn([]() -> awaitable<void> {
        auto h = co_await take(Options{"inside a lambda", 1});               // flagged: coroutine-shape
    }());
}

auto trailing() -> boost::asio::awaitable<std::string> {
    auto read = [](int part) -> awaitable<int> {
        co_return co_await take(Options{"x", part});                         // flagged: coroutine-shape
    };
    switch (state) {
        case State::open: {
            auto t = co_await take(Options{"x", 1});                         // flagged: coroutine-shape
        }
    }
}

Sample::Sample(Executor executor)
    : tasks_(executor, [this](std::exception_ptr failure) { on_failure(failure); }) {
    limit_ = executor ? 1 : 2;
}

boost::asio::awaitable<void> good(Peer peer, bool wide) {
    auto lookup = [peer] { return peer.name(); };
    auto a = co_await run(std::move(lookup));
    auto b = co_await run([&peer] { return peer.name(); });
    Options options{"x", 1};
    auto c = co_await take(std::move(options));
    if (auto r = co_await name(); r) {
        auto d = co_await take(table[index], wide);
    }
    for (auto& part : co_await parts()) {
        consume(part, wide ? 1 : 2);
    }
    auto [one, two] = co_await pair(10'000);
    co_return Options{"returned", 1};
}
