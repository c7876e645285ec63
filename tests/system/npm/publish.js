// Publishes what standard input says: [{"connection": {…options of mqtt.connect…}, "topic",
// "payload", "qos"}, …], one after another, each over a connection of its own. Exit status 0 if
// every message was acknowledged as its QoS has it.
'use strict';

const fs = require('fs');
const path = require('path');

// The libraries are installed where the build is, not here.
const mqtt = require(path.join(process.argv[2], 'node_modules', 'mqtt'));

async function publish({connection, topic, payload, qos}) {
    if (connection.ca) connection.ca = fs.readFileSync(connection.ca);
    const client = await mqtt.connectAsync({...connection, reconnectPeriod: 0});
    await client.publishAsync(topic, payload, {qos});
    await client.endAsync();
}

async function main() {
    for (const message of JSON.parse(fs.readFileSync(0, 'utf8'))) await publish(message);
}

main().catch((failure) => {
    console.error(failure);
    process.exit(1);
});
